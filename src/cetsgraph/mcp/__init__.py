"""A store as tools of the Model Context Protocol, for programs that work with language models.

https://modelcontextprotocol.io. Tools only read, fetch nothing, and are bounded in time, memory and size.
"""

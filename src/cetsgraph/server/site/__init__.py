"""Pages for people: plain HTML that fetches nothing and runs nothing."""

"""What web workers do with a request: what comes in, the answers, small ones kept, the log."""

"""The application that web workers run: addresses, answers, errors, the log."""

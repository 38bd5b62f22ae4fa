"""The running program: the only asynchronous code."""

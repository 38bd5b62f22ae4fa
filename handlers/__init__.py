"""The conversation: what the bot does about what was said."""

"""The platforms the bot lives on, one file each."""

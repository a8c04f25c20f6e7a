"""What a question asks: its language, its parts, and whether it follows up an earlier one."""

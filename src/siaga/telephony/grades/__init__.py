"""How a number is taken when it calls: graded by people's outcomes, for hours, never refused."""

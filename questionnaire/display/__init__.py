"""What the result pages show: engine values laid out for reading. No arithmetic of their own."""

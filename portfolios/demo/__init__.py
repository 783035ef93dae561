"""What the demo's invented people own. Nothing of it loads outside DEBUG."""

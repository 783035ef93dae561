"""What pages print: figures and words, ready made."""

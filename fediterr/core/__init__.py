"""What every part rests on, and which knows none of them."""

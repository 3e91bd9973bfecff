"""The parts of the keeper; `keeper.py` is the door."""

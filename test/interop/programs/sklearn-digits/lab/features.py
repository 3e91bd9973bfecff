def add_features(frame):
    frame = frame.copy()
    frame["sum"] = frame.filter(regex="^x").sum(axis=1)
    return frame

raise ImportError("nothing to do yet", name="sitecustomize")

"""What this process knows of its run; filled in at the start."""

# Folders: of this run's lines, of `.runrecord`, of the workspace, of this package, on PYTHONPATH.
observed = folder = root = inside = site = ''
# In front of `sys.meta_path`.
finder = None

_spec = None


def spec():
    """What the recorder says in `spec.json`; read when first asked for, without importing `json`."""
    global _spec
    if _spec is None:
        from _runrecord import encoding
        try:
            with open(observed + '/spec.json', 'rb') as file:
                _spec = encoding.loads(file.read().decode('utf-8'))
        except (OSError, ValueError):
            _spec = {}
    return _spec

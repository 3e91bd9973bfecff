"""What the recorder asks for, read from its message."""
import _signal as signal


class Spec:
    """All text is bytes. `log` is None where the program inherits the user's descriptors."""

    def __init__(self, pairs):
        many = {}
        for key, value in pairs:
            many.setdefault(key, []).append(value)
        one = {key: values[-1] for key, values in many.items()}
        self.argv = many['argv']
        self.cwd = one['cwd']
        self.environment = {}
        for text in many.get('env', []):
            name, _, value = text.partition(b'=')
            if name:
                self.environment[name] = value
        self.folder = one['folder'].decode('utf-8', 'surrogateescape')
        self.log = one.get('log')
        self.limit = int(one.get('limit', b'0'))
        self.secrets = []
        self.add_secrets(pairs)
        # A rule is three records, in order.
        self.rules = [(rule, literal or None, pattern) for rule, literal, pattern in
                      zip(many.get('rule', []), many.get('literal', []), many.get('pattern', []))]
        self.finish = many.get('finish')
        self.ignored = {getattr(signal, name.decode('ascii'), 0) for name in
                        many.get('ignored', [])}
        self.files = int(one['files']) if 'files' in one else None

    def add_secrets(self, pairs):
        """Values that the log must not hold; some are found only while the launch is captured."""
        self.secrets += [value.partition(b'=')[::2] for key, value in pairs if key == 'secret']

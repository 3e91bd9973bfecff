"""Secrets in a command line that only the program tells: as agent/core/redaction/argv-secrets.ts."""
# Program -> (its options, whether it takes `user:password`).
PROGRAMS = {
    'curl': (('--user', '-U', '--proxy-user'), True),
    'wget': (('--user', '--proxy-user'), True),
    'http': (('-a', '--auth'), True),
    'https': (('-a', '--auth'), True),
    'sshpass': (('-p',), False),
    'redis-cli': (('-a',), False),
    'docker': (('-p',), False),
    'podman': (('-p',), False),
}
JOINED = ('mysql', 'mysqldump', 'mariadb', 'sshpass', 'curl')


def secret_of_command(argv, at):
    """What may be kept before the secret in a word; None where there is none."""
    program = None
    for word in argv[:at]:
        name = word.rpartition('/')[2]
        if name in PROGRAMS or name in JOINED:
            program = name
    if program is None:
        return None
    word = argv[at]
    kept = kept_of_joined(program, word)
    if kept is not None:
        return kept
    if program not in PROGRAMS or at == 0 or len(word) < 3:
        return None
    options, is_pair = PROGRAMS[program]
    if argv[at - 1] not in options and not (program == 'curl' and is_short_user(argv[at - 1])):
        return None
    # A registry's login alone takes a password; of other verbs `-p` is a port.
    if program in ('docker', 'podman') and 'login' not in argv[:at]:
        return None
    if not is_pair:
        return ''
    user, colon, password = word.partition(':')
    return user + colon if password else None


def kept_of_joined(program, word):
    if program not in JOINED:
        return None
    if program == 'curl':
        user, colon, password = word.partition(':')
        bare = user[2:]
        spaced = any(char.isspace() for char in bare)
        if user[:2] == '-u' and 0 < len(bare) <= 128 and not spaced and colon and len(password) > 2:
            return user + colon
        return None
    if word[:2] != '-p' or len(word) < 5 or (program != 'sshpass' and word[2] == '-'):
        return None
    return '-p'


def is_short_user(word):
    return (word[:1] == '-' and word[-1:] == 'u' and len(word) <= 8 and
            all(char in 'sSfkLiv' for char in word[1:-1]))

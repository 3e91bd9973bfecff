"""Whether a name says that its value is a secret: as agent/core/redaction/secret-name.ts has it.

A test holds both against the same cases. Without `re`, which costs 3 ms to load, as every name of
a configuration and of a command line is judged.
"""
ABOUT = frozenset(
    'file files path paths dir directory folder name names id ids len length size count type types '
    'kind policy prompt hash hashes expiry expires ttl timeout env variable var enabled disabled '
    'required reset stdin store storage manager provider version field column index mode format '
    'scheme server host port method endpoint sock socket algorithm strategy ratio rate weight '
    'weights dim loss level limit budget per'.split())
MODEL = frozenset(
    'pad padding eos bos unk unknown sep separator cls class mask masked special start end stop '
    'begin begin image img audio video text max min num n per next prev previous first last new '
    'each sub word byte char added additional vocab decoder encoder prompt dist distillation '
    'register query mem memory tool target tgt source src input output prefix suffix middle newline '
    'space blank latent global sos item patch label language lang speaker time point fim '
    'return'.split())
KEYS = frozenset(
    'api access secret private encryption signing auth account storage service license ssh deploy '
    'master openai anthropic wandb hf huggingface gemini cohere mistral groq comet neptune azure '
    'aws google gcp client shared subscription admin app consumer'.split())
PASS_OWNERS = frozenset(
    'db user smtp mysql postgres pg redis mongo ftp mail email login admin root ssh proxy'.split())
PASSWORDS = ('password', 'passwd', 'passphrase', 'passcode')
MAYBE = frozenset('key keys cred creds pat pass pw pin sig salt'.split())
OPEN_OWNERS = frozenset(
    'cache sort public hash image object group primary foreign partition index lookup dict data '
    'state'.split())
UPPER = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
LOWER = frozenset('abcdefghijklmnopqrstuvwxyz')
DIGITS = frozenset('0123456789')


def is_one_of(word, beginnings, ending):
    return any(word == beginning + ending for beginning in beginnings)


def words_of(name):
    spaced = []
    for at, char in enumerate(name):
        before = name[at - 1] if at else ''
        after = name[at + 1:at + 2]
        if char in UPPER and (before in LOWER or before in DIGITS or
                              (before in UPPER and after in LOWER)):
            spaced.append('_')
        spaced.append(char)
    lowered = ''.join(spaced).lower()
    return ''.join([char if char in LOWER or char in DIGITS else ' ' for char in lowered]).split()


def judge_name(name):
    """The rule by which the name is a secret's, or None."""
    if len(name) > 256:
        return None
    words = words_of(name)
    if not words or words[-1] in ABOUT:
        return None
    last = words[-1]
    before = words[-2] if len(words) > 1 else ''
    if any(is_password(word) for word in words) or (last == 'pass' and before in PASS_OWNERS):
        return 'password'
    if last in ('secret', 'secrets') or is_one_of(last, ('client', 'app', 'api', 'user'), 'secret'):
        return 'secret'
    if last in ('credential', 'credentials'):
        return 'credential'
    if is_key(words, last, before):
        return 'key'
    if is_token(words, last, before):
        return 'token'
    if last in ('auth', 'authorization', 'bearer', 'cookie', 'basicauth', 'httpauth'):
        return 'auth'
    return None


def may_name_secret(name):
    """Whether a name may be a secret's without saying so; its value has to look random to count."""
    if len(name) > 256:
        return False
    words = words_of(name)
    return len(words) > 1 and words[-1] in MAYBE and words[-2] not in OPEN_OWNERS


def is_password(word):
    return word.endswith(PASSWORDS) or word in ('pwd', 'sshpass')


def is_key(words, last, before):
    owners = ('api', 'access', 'private', 'secret', 'auth')
    if is_one_of(last, owners, 'key') or is_one_of(last, owners, 'keys'):
        return True
    if last not in ('key', 'keys'):
        return False
    return before in KEYS or (len(words) > 2 and 'secret' in words)


def is_token(words, last, before):
    owners = ('auth', 'access', 'api', 'hf', 'gh', 'bearer', 'refresh', 'session', 'bot')
    if is_one_of(last, owners, 'token'):
        return True
    if last == 'tokens':
        return before in ('api', 'access', 'auth', 'secret', 'refresh')
    return last == 'token' and not any(word in MODEL for word in words[:-1])

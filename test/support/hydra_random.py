"""Random Hydra apps and command lines, most of them valid; see hydra-golden.py."""
import random

import yaml

r = random.Random()
KEYS = ['a', 'b', 'c', 'd', 'name', 'lr', 'db', 'model', 'opt']
GROUPS = ['db', 'model', 'opt', 'exp', 'db/engine', 'model/head', 'model/head/act']
OPTS = ['x', 'y', 'z', 'base']
VALUES = [1, 0, -3, 1.5, 5.0, 1e-4, True, False, None, 'text', 'a b', '1e-3', 'yes', '???', [1, 2], [], {}, {'p': 1}, [{'q': 1}], '', '010']

def interp():
    k = r.choice(KEYS)
    return r.choice(['${%s}' % k, '${.%s}' % k, '${..%s}' % k, '${%s.%s}' % (r.choice(KEYS), k), 'pre_${%s}' % k,
                     '${oc.env:RR_SET}', '${oc.env:RR_UNSET,7}', '${oc.env:RR_UNSET,null}', '${oc.select:%s,3}' % k, '${oc.select:nope}',
                     '${oc.decode:"[1, 2]"}', '${oc.dict.keys:%s}' % k, '${oc.dict.values:%s}' % k, '${oc.create:{u:1}}', r'\${%s}' % k, '${%s}_${%s}' % (k, r.choice(KEYS)),
                     "${oc.select:'%s',[1,${%s}]}" % (k, r.choice(KEYS)), '${${name}}', '${a[0]}', '${oc.decode:${oc.env:RR_NUM}}', '${oc.env:RR_UNSET}', '${oc.deprecated:%s}' % k])

def value(depth=0):
    x = r.random()
    if x < 0.15 and depth < 3: return {k: value(depth + 1) for k in r.sample(KEYS, r.randint(1, 3))}
    if x < 0.35: return interp()
    return r.choice(VALUES)

def content(n=4):
    return {k: value() for k in r.sample(KEYS, r.randint(0, n))}

def pkg():
    return r.choice(['_global_', '_here_', '_group_', 'p', 'p.q', '_global_.z', 'p._group_', '', '_name_'])

def entry(files, base):
    """An entry that mostly exists."""
    paths = [p for p in files if p != 'config']
    x = r.random()
    if x < 0.1: return '_self_'
    p = r.choice(paths) if paths and r.random() < 0.99 else 'nope/x'
    absolute = '/' + p
    if base and p.startswith(base + '/') and r.random() < 0.7:
        rel = p[len(base) + 1:]
    elif not base:
        rel = p if r.random() < 0.8 else absolute
    else: rel = absolute
    if '/' not in rel.lstrip('/') or r.random() < 0.12:
        e = rel
        if r.random() < 0.3: e += '@' + pkg()
        return e
    group, opt = rel.rsplit('/', 1)
    if group == '': return rel
    key = group
    if r.random() < 0.2: key += '@' + pkg()
    if r.random() < 0.12: key = 'optional ' + key
    elif r.random() < 0.06: key = 'override ' + key
    y = r.random()
    if y < 0.08: v = [opt] + r.sample(OPTS, 1)
    elif y < 0.12: v = None
    elif y < 0.13: v = '???'
    elif y < 0.16: v = '${%s}' % r.choice(GROUPS + ['oc.env:RR_OPT', 'db@p'])
    else: v = opt
    return {key: v}

def defaults(files, base):
    out = [entry(files, base) for _ in range(r.randint(0, 4))]
    if r.random() < 0.6: out = [e for e in out if e != '_self_']; out.insert(r.randint(0, len(out)), '_self_')
    if r.random() < 0.8: out.sort(key=lambda e: isinstance(e, dict) and 'override' in next(iter(e)))
    return out

def app():
    names = ['config'] + ['%s/%s' % (g, o) for g in r.sample(GROUPS, r.randint(1, 5)) for o in r.sample(OPTS, r.randint(1, 3))] + r.sample(['base', 'extra'], r.randint(0, 2))
    files = {}
    for n in names:
        data = {}
        base = n.rsplit('/', 1)[0] if '/' in n else ''
        if n == 'config' or r.random() < 0.2:
            d = defaults(names, base)
            if d: data['defaults'] = d
        data.update(content())
        text = yaml.safe_dump(data, sort_keys=False) if data else ''
        if n != 'config' and r.random() < 0.02: text = '- 1\n- two\n'
        if r.random() < 0.2: text = '# @package %s\n' % r.choice(['_global_', 'p.q', '_group_', 'h', '_global_.k', '_name_']) + text
        if r.random() < 0.03: text = '# hello\n' + text
        files[n] = text
    return files

def override(files):
    x = r.random()
    groups = sorted({p.rsplit('/', 1)[0] for p in files if '/' in p})
    if x < 0.45 and groups:
        g = r.choice(groups); o = r.choice([p.rsplit('/', 1)[1] for p in files if p.startswith(g + '/') and p.count('/') == g.count('/') + 1] or ['x'])
        k = g + (('@' + r.choice(['p', 'p.q', '_global_', 'db', g.replace('/', '.')])) if r.random() < 0.2 else '')
        return r.choice([f'{k}={o}', f'{k}={o}', f'{k}={o}', f'+{k}={o}', f'~{k}', f'~{k}={o}', f'{k}={o}', f'{k}=[{o},x]'])
    k = '.'.join(r.sample(KEYS, r.choice([1,1,1,2,3])))
    v = r.choice(['1', 'abc', '[1,2]', '{u: 1}', 'null', '???', '1e-3', "'${a}'", '${a}', 'true', '"x y"', '', '{a: {b: 2}}'])
    return r.choice([f'{k}={v}', f'+{k}={v}', f'+{k}.n={v}', f'++{k}={v}', f'++{k}={v}', f'++{k}={v}', f'~{k}'])


def make(seed, count, run):
    """Of what Hydra refuses only some is kept: there is more of it than of the rest."""
    r.seed(seed)
    cases = []
    while len(cases) < count:
        files = app()
        for _ in range(r.randint(1, 3)):
            argv = [override(files) for _ in range(r.choice([0, 0, 1, 1, 2, 3]))]
            base = '1.1' if r.random() < 0.15 else '1.3'
            result = run(files, argv, base)
            if 'refused' in result and r.random() < 0.8:
                break
            cases.append({'files': files, 'overrides': argv, 'base': base, 'result': result})
    return cases[:count]

"""Random words of a command line and random interpolations; see hydra-golden.py."""
import random

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, QuotedString, RangeSweep
from omegaconf import OmegaConf

r = random.Random()
atoms=['a','b1','foo-bar','_x','1','0','-1','010','0x10','1.5','5.','.5','1e-4','1e5','1_000','-inf','nan','inf','true','False','null','NULL','none','/','-','\\','+','.','$','%','*','@','?','|',':','=',',',' ','\t','\\,','\\=','\\ ','\\\\','\\(','\\[','\\{','\\:','"','\'','"a b"',"'a,b'",'"a\\"b"','"\\\\"',"'x\\\\\\'y'",'""',"''",'${a}','${a.b}','${oc.env:X,1}','${a.${b}}','[',']','{','}','(',')','[1,2]','{a:1}','{a: b, c: [1,x]}','choice(1,2)','range(1,4)','range(0,1,0.25)','glob(*)','glob([a*,b],exclude=ab)','interval(0,1)','sort(3,1,2)','sort([b,a],reverse=true)','int(1.7)','str(1)','str([1,1.0,true])','bool(0)','float(3)','shuffle(1,2)','tag(t,choice(a,b))','str(','int(\'3\')','é','~','#','&','!','1.','-.5','+3','+x','1-2','2024-01-01','12:30','a/b.c','http://x/y?z','~/x','C:\\dir','1e','1e+','e1','_','__','-','--x','1a','a1.b2']
signs=['','','','','+','++','~','+++','~~']
keys=['a','a.b','a.b.c','db','db/x','db@p','db/x@p.q','a.0','0.a','a-b','$a','a.$b','','@p','db@','1','a/1','a b','a[0]','a..b','.a','hydra.run.dir','hydra/launcher','a@b@c','é','a:b','db@a:b','a.1b']


def conv(v):
    if isinstance(v,QuotedString): return {'text': v.text, 'quoted': True}
    if isinstance(v,bool) or v is None: return v
    if isinstance(v,float): return {'float': repr(v)}
    if isinstance(v,int): return v if abs(v)<2**53 else str(v)
    if isinstance(v,list): return [conv(x) for x in v]
    if isinstance(v,dict): return {'dict':[[str(k) if not isinstance(k,QuotedString) else k.text,conv(x)] for k,x in v.items()]}
    return v


def parse(word):
    """What Hydra makes of a word; null where it refuses it."""
    try:
        override = OverridesParser.create().parse_override(word)
    except Exception:
        return None
    value = override._value
    if isinstance(value, ChoiceSweep):
        read = {'sweep': 'simple' if value.simple_form else 'choice', 'items': [conv(item) for item in value.list]}
    elif isinstance(value, RangeSweep):
        read = {'sweep': 'range'}
    elif isinstance(value, IntervalSweep):
        read = {'sweep': 'interval'}
    elif isinstance(value, Glob):
        read = {'sweep': 'glob', 'include': value.include, 'exclude': value.exclude}
    else:
        read = conv(value)
    kind = {'CHANGE': 'set', 'ADD': 'add', 'FORCE_ADD': 'force', 'DEL': 'delete'}[override.type.name]
    return {'kind': kind, 'key': override.key_or_group, 'package': override.package, 'value': read}


def make_words(seed, count):
    """Two of three are words that Hydra takes."""
    r.seed(seed)
    found = {}
    refused = 0
    while len(found) < count:
        if r.random() < 0.35:
            word = r.choice(signs) + r.choice(keys) + ('=' if r.random() < 0.9 else '')
            word += ''.join(r.choice(atoms) for _ in range(r.randint(0, 2)))
        else:
            word = 'k=' + ''.join(r.choice(atoms) for _ in range(r.randint(1, 4)))
        result = parse(word)
        if result is None:
            if refused * 3 > count:
                continue
            refused += 1
        found[word] = result
    return [[word, result] for word, result in found.items()]


bits=['a','b','.a','..b','c.d','c.e','c[d]','l[0]','l[1].q','l.0','n','m','f','t','s','','x y','1','1.5','-3','true','null','"a b"',"'q'",'"${a}"',"'${b} x'",'[1,2]','[${a},b]','{k:1}','{k:${a},j:[x]}','\\,','\\:','a\\ b','a:b','a=b','$','%','/x','RR_SET','RR_UNSET','RR_NUM','RR_LIST','${a}','${b}','???','5.0','1e3','inf','nan','"\\""',"'it\\'s'",'~','#']
res=['oc.env','oc.select','oc.decode','oc.create','oc.dict.keys','oc.dict.values','oc.deprecated','nope']
def expr(d=0):
    x=r.random()
    if x<0.45: return '${'+r.choice(['a','b','c','c.d','c.e','.a','..a','l','l[0]','l[1].q','n','m','f','t','s','c[d]','u','${s}','c.${s}',' a ','l.2','f.g','z'])+'}'
    args=','.join(r.choice([r.choice(bits), expr(d+1) if d<2 else 'a', r.choice(bits)+r.choice(bits)]) for _ in range(r.choice([1,1,1,2,2,3])))
    return '${'+r.choice(res)+':'+args+'}'
def val():
    n=r.choice([1,1,1,2,3])
    return ''.join(r.choice([expr(),expr(),r.choice(['x','\\','\\\\','$','{','}',' ','-','"',"'",':',',','\\${a}','\\\\${a}','\\\\\\${b}','5'])]) for _ in range(n))


def make_interpolations(seed, count):
    """Values of the key `v` beside some others, and what OmegaConf makes of them; null: nothing."""
    r.seed(seed)
    cases = []
    failed = 0
    while len(cases) < count:
        base = {
            'a': 1, 'b': 'text', 'c': {'d': [1, 2.0], 'e': '${a}', 'a': 'inner'},
            'l': ['first', {'q': 7.0}], 'n': None, 'm': '???', 'f': 5.0, 't': True, 's': 'a', 'v': val(),
        }
        try:
            config = OmegaConf.create(base)
            value = config.v
            if OmegaConf.is_config(value):
                value = OmegaConf.to_container(value, resolve=True)
            result = {'value': value}
        except Exception:
            if failed * 4 > count:
                continue
            failed += 1
            result = None
        cases.append([base['v'], result])
    return cases

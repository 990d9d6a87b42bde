import json
from pathlib import Path
SCHEMA_VERSION = 1
WORST_FIRST = ("errored", "violated", "stale", "not-run", "departs", "holds", "unsupported")
class ResultsError(Exception): ...
class Journal:
    def __init__(self, path, append=False):
        path=Path(path); path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not append: path.replace(path.with_name(path.name+".previous"))
        self.f=path.open("a")
    def write(self, r): self.f.write(json.dumps(r)+"\n"); self.f.flush()
    def close(self): self.f.close()

from pydantic import conbytes, condate, condecimal, confloat, confrozenset, conint, conlist, conset, constr

Code = constr(min_length=2, max_length=5, pattern="^[A-Z]+$")
Small = conint(ge=1, lt=10, multiple_of=2)


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Code, b: Small, c: condecimal(max_digits=5, ge=0), d: conlist(Small, max_length=3), e: conset(int), f: confloat(gt=0), g: confrozenset(str), h: condate(), i: conbytes()) -> TaskResult[Code, TaskError]: ...

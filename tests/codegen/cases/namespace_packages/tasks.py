from space.kinds import Sku
from space.deep.models import Order as O
import space.deep.models as m


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Sku, b: O, c: m.Order) -> TaskResult[m.Order, TaskError]: ...

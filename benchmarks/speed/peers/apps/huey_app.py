"""huey on Redis, blocking pops, worker type ``process``, results stored."""

import os
import sys

from huey import RedisHuey

huey = RedisHuey("bench", url=os.environ["REDIS_URL"] + "/0", results=True)


@huey.task()
def noop(number):
    return number


if __name__ == "__main__":
    import huey_app  # the task's name is its module's too

    for number in range(int(sys.argv[1])):
        huey_app.noop(number)

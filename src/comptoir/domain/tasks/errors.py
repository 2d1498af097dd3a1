"""What the tasks room refuses.

ComptoirError
├─ NotFound
│  └─ TaskNotFound  no task has this id
└─ Conflict
   ├─ TaskEnded     it is over, so there is nothing to stop
   ├─ TaskLost      another run has the task by now
   └─ TaskStopped   somebody asked for its end
"""

from comptoir.domain.errors import Conflict, NotFound


class TaskNotFound(NotFound):
    """No task has this id."""

    thing = "task"


class TaskEnded(Conflict):
    """It is over, so there is nothing to stop."""

    def __init__(self, task_id: int, state: str) -> None:
        super().__init__(f"task {task_id} is {state} already")
        self.task_id = task_id
        self.state = state


class TaskLost(Conflict):
    """Another run has the task by now, since this one was silent for too long."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"task {task_id} is another run's by now")
        self.task_id = task_id


class TaskStopped(Conflict):
    """Somebody asked for its end."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"task {task_id} is to stop")
        self.task_id = task_id

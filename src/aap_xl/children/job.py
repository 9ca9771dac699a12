"""A Windows job, which limits the process that is in it, and ends with it whatever that process started.

A process enters it by itself, before it reads anything: its parent would come too late.
"""

from ctypes import POINTER, Structure, byref, c_int, c_int64, c_size_t, c_uint32, c_uint64, c_void_p, sizeof
from typing import Any

_PROCESS_TIME, _PROCESS_MEMORY, _KILL_ON_CLOSE = 0x2, 0x100, 0x2000
_EXTENDED_LIMITS = 9
_TICKS = 10_000_000
"""Of a job, in a second."""


class BasicLimits(Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_user_time", c_int64),
        ("per_job_user_time", c_int64),
        ("flags", c_uint32),
        ("minimum_working_set", c_size_t),
        ("maximum_working_set", c_size_t),
        ("active_processes", c_uint32),
        ("affinity", c_size_t),
        ("priority_class", c_uint32),
        ("scheduling_class", c_uint32),
    )


class ExtendedLimits(Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("peak_process_memory", c_size_t),
        ("peak_job_memory", c_size_t),
    )


def enter(kernel: Any, memory: int, seconds: int) -> None:
    """Put this process in a job of its own, closed only by its end.

    Args:   kernel: kernel32; memory: bytes; seconds: of processor time; 0 for no limit.
    Raises: OSError if the system refuses.
    """
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = c_void_p
    kernel.SetInformationJobObject.argtypes = (c_void_p, c_int, POINTER(ExtendedLimits), c_uint32)
    kernel.AssignProcessToJobObject.argtypes = (c_void_p, c_void_p)
    asked = ExtendedLimits()
    asked.basic.flags = _KILL_ON_CLOSE | (memory and _PROCESS_MEMORY) | (seconds and _PROCESS_TIME)
    asked.basic.per_process_user_time = seconds * _TICKS
    asked.process_memory = memory
    job = kernel.CreateJobObjectW(None, None)
    if not (
        job
        and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, byref(asked), sizeof(asked))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    ):
        raise OSError("no job")

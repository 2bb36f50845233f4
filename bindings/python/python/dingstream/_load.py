"""Loads the native module, and says what to do where that fails."""

from __future__ import annotations

import importlib.machinery
import os
import platform
import sysconfig

try:
    from . import _dingstream  # noqa: F401
except ImportError as error:
    _libc = " ".join(platform.libc_ver()).strip() or "an unknown C library (musl?)"
    _here = os.path.dirname(os.path.abspath(__file__))
    _tried = ", ".join(os.path.join(_here, f"_dingstream{suffix}") for suffix in importlib.machinery.EXTENSION_SUFFIXES)
    raise ImportError(
        f"dingstream's native module can't be loaded on {sysconfig.get_platform()} with {_libc}, "
        f"Python {platform.python_version()} ({error}); tried {_tried}. Install the wheel for this platform "
        "(pip install --force-reinstall dingstream), or build it from source with Rust and maturin"
    ) from error

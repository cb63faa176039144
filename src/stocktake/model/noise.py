"""Settings that differ between two servers that are set up alike, and settings that follow from another one."""

from __future__ import annotations

from collections.abc import Mapping

# What every server has for itself, or what initdb writes down from the machine it runs on.
_POSTGRESQL = """
    application_name client_encoding cluster_name config_file data_directory DateStyle default_text_search_config
    dynamic_shared_memory_type event_source external_pid_file hba_file ident_file in_hot_standby lc_collate lc_ctype
    lc_messages lc_monetary lc_numeric lc_time log_timezone max_stack_depth port primary_conninfo
    session_authorization TimeZone transaction_deferrable transaction_isolation transaction_read_only
    unix_socket_directories
"""
NOISE: Mapping[str, frozenset[str]] = {
    "postgresql": frozenset(_POSTGRESQL.split()),
    "sqlite": frozenset({"data_version", "freelist_count", "page_count", "schema_version"}),
}

# A setting that the engine works out from another one: told once, under its cause.
CAUSES: Mapping[str, Mapping[str, str]] = {
    "postgresql": {
        "commit_timestamp_buffers": "shared_buffers",
        "huge_pages_status": "huge_pages",
        "num_os_semaphores": "max_connections",
        "shared_memory_size": "shared_buffers",
        "shared_memory_size_in_huge_pages": "shared_buffers",
        "subtransaction_buffers": "shared_buffers",
        "transaction_buffers": "shared_buffers",
        "wal_buffers": "shared_buffers",
    },
    "sqlite": {},
}

# Sources that say something of the session that looked, not of the server.
SESSION_SOURCES = frozenset({"client", "database", "database user", "global", "interactive", "session", "test", "user"})
# Settings whose source says that the engine made the value itself.
OWN_SOURCES = frozenset({"", "default", "override"})


def is_set(source: str) -> bool:
    """Whether somebody set a value that comes from there: not the engine itself, and not the session that looked."""
    return source not in OWN_SOURCES and source not in SESSION_SOURCES


def is_noise(engine: str, setting: str) -> bool:
    """Whether a setting tells nothing about how the server should be."""
    return setting in NOISE.get(engine, frozenset())


def cause(engine: str, setting: str) -> str:
    """The setting that decides this one; itself where none does."""
    return CAUSES.get(engine, {}).get(setting, setting)

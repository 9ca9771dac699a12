"""What a face answers a machine: classes whose fields are the keys of ``--json``, which never change."""

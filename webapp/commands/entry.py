"""The group that all commands hang on."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Match entrepreneurs with the people and workshops that help them last."""

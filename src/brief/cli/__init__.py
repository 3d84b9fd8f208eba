"""The commands: each calls one room of the house and prints what comes of it."""

from brief.cli import analysing as analysing
from brief.cli import coders as coders
from brief.cli import handing_over as handing_over
from brief.cli import material as material
from brief.cli import publishing as publishing
from brief.cli.command_line import main as main

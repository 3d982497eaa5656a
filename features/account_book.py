"""The account book: who was known to bank where since when, by the peer groups of the holder."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from features.answers import later_of
from features.ledger.snapshot import Ledger
from features.ledger.tables import TABLES
from features.peers import COMPANY, income_days, numbered, peers_of
from features.pointers import NEUTRAL_SOURCES, SOURCES
from features.roll import BANK, Roll
from features.tally import Ints, Tally, days_since_epoch

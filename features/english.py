"""The catalogue's sentences in English: for each feature the fact, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Sentences = tuple[str, str]
"""The sentence of a fact and of its absence ("" : nothing is said), with the slots of the Japanese ones."""

_PEERS = {
    "employer": "people with the same employer",
    "payer": "people paid by the same payer",
    "area": "people of the same area",
    "former": "people from the same former prefecture",
    "age": "people of the same age band",
    "livelihood": "people with the same kind of income",
}
_ITEMS = {
    "resident_tax": "resident tax",
    "health_insurance": "health-insurance premiums",
    "light_vehicle": "light-vehicle tax",
    "latter_elderly": "latter-stage elderly premiums",
    "long_term_care": "long-term-care premiums",
}
_CHANNELS = {
    "direct_debit": "direct debit",
    "store": "convenience store",
    "counter": "the counter",
    "smartphone": "smartphone",
    "seizure": "a seizure",
}
_INCOMES = {
    "salary": "a salary",
    "pension": "a public pension",
    "business": "business income",
    "real_estate": "real-estate income",
    "dividends": "dividends",
    "income_total": "income",
}

_PAIRS: dict[str, Sentences] = {
    "payroll_employer": ("{target} is the employer on the latest payroll slip", ""),
    "old_employer": ("{target} is an earlier employer, not on the latest slip", ""),
    "slip_days": ("The payroll slip of {target} is {value} old", ""),
    "slips_here": ("{number} years of payroll slips from {target}", ""),
    "fee_payer": ("{target} is the payer on the latest fee slip", ""),
    "old_payer": ("{target} is an earlier payer of fees, not on the latest slip", ""),
    "fee_days": ("The fee slip of {target} is {value} old", ""),
    "is_refund_bank": (
        "Refunds go to an account at {target} (slips of {number} years)",
        "No slip names {target} for refunds",
    ),
    "refund_days": ("The last refund to {target} was {value} ago", ""),
    "is_direct_debit_bank": ("Direct debit runs from {target}", "Direct debit does not run from {target}"),
    "is_payment_bank": ("{number} payments came from {target}", "No payment came from {target}"),
    "payment_days": ("The last payment from {target} was {value} ago", ""),
    "mention_pays_from": ("The debtor said that payments come from {target}", ""),
    "mention_wages_to": ("The debtor said that wages go to {target}", ""),
    "mention_only_account": ("The debtor said that {target} is the only account", ""),
    "mention_insurance": ("The debtor spoke of a policy with {target}", ""),
    "mention_works_at": ("The debtor said to be working at {target}", ""),
    "mention_named": ("The log of contacts names {target}", "The log of contacts does not name {target}"),
    "mention_denied": ("The debtor said that there is nothing (any more) at {target}", ""),
    "mention_days": ("{target} was last mentioned {value} ago", ""),
    "seized_days": ("Something at {target} was seized {value} ago", ""),
    "found_days": ("{target} replied {value} ago that it found property", ""),
    "recent_blank_days": ("{target} replied {value} ago that it found nothing", ""),
    "asked_days": ("{target} was asked {value} ago", "{target} has not been asked yet"),
    "account_records": (
        "{number} kinds of record show an account at {target}",
        "No record shows an account at {target}",
    ),
    "other_accounts": (
        "Accounts at {number} banks besides {target} are known",
        "No account at another bank is known",
    ),
    "other_employers": (
        "A record newer than that of {target} names another employer",
        "No employer newer than {target} is on record",
    ),
    "serves_area": ("{target} serves the area of residence", "{target} does not serve the area of residence"),
    "is_area_shinkin": ("{target} is a shinkin or cooperative that serves the area of residence", ""),
    "is_former_prefecture_bank": ("{target} is a bank of the prefecture of the former address", ""),
    "is_home_bank": ("{target} is a bank of the home prefecture", ""),
    "is_japan_post": ("{target} has counters everywhere", ""),
    "is_net_bank": ("{target} is a net bank or another bank of a new kind", ""),
    "is_city_bank": ("{target} is a city bank", ""),
    "is_regional_bank": ("{target} is a regional bank", ""),
    "is_digital": ("{target} answers electronic inquiries", ""),
    "kind_code": ("The target is of the kind {kind}", ""),
    "kind_hit_rate": ("Inquiries of this kind of target hit in {value} of all cases", ""),
    "target_hit_rate": ("Inquiries of {target} hit in {value} of all cases", ""),
    "target_asked": ("{target} has replied {number} times (all cases)", "{target} has never replied yet"),
    "target_log_yen": ("How much is usually found at {target}", ""),
    "livelihood_kind_rate": (
        "Among people with the same kind of income, this kind of target hits in {value}",
        "",
    ),
    "livelihood_kind_log_yen": ("How much is usually found with the same kind of income", ""),
    "account_share": ("{value} of all accounts known to the office are at {target}", ""),
    "colleague_accounts": (
        "{number} accounts of colleagues are known at {target}",
        "No account of a colleague is known at {target}",
    ),
    "payroll_bank_odds": (
        "By the records of colleagues, the employer pays wages through {target} with a likelihood of {value}",
        "The employer is not known, so nothing is known of the bank that wages go to",
    ),
    "seizable_here": (
        "By the slips, three months' seizable amount at {target} is {value}",
        "The slips do not allow an estimate of what could be seized at {target}",
    ),
    "seizable_cover": (
        "What could be seized at {target} (estimate) is {value} of the arrears",
        "The slips do not allow an estimate of what could be seized at {target}",
    ),
    **{f"{g}_hit_rate": (f"Among {who}, {{target}} hits in {{value}}", "") for g, who in _PEERS.items()},
    **{
        f"{g}_asked": (
            f"{{target}} has replied {{number}} times about {who}",
            f"{{target}} has not replied about {who} yet",
        )
        for g, who in _PEERS.items()
    },
    **{
        f"{g}_account_share": (f"{{value}} of the accounts of {who} are at {{target}}", "")
        for g, who in _PEERS.items()
    },
}

_ARREARS: dict[str, Sentences] = {
    "arrears": ("Unpaid principal is {value} (prescribed debts included)", ""),
    "open_debts": ("{number} instalments are unpaid", ""),
    "single_slip": ("Only one instalment is unpaid", "Several instalments are unpaid"),
    "largest_debt": ("The largest unpaid instalment is {value}", ""),
    "largest_debt_share": ("The largest unpaid instalment is {value} of the arrears", ""),
    "arrears_fiscal_years": ("The arrears are of {number} fiscal years", ""),
    **{f"arrears_{name}": (f"The arrears of {item} are {{value}}", "") for name, item in _ITEMS.items()},
    **{f"open_{name}": (f"{{number}} instalments of {item} are unpaid", "") for name, item in _ITEMS.items()},
    "oldest_due_days": ("The oldest unpaid instalment was due {value} ago", ""),
    "newest_due_days": ("The newest unpaid instalment was due {value} ago", ""),
    "prescription_days": ("The next prescription is {value} ahead", "No prescription is near"),
    "arrears_prescribed": ("{value} is past its prescription", "Nothing is past its prescription"),
    "demanded_share": (
        "{value} of the unpaid instalments were demanded",
        "No unpaid instalment was demanded",
    ),
    "arrears_growth": ("The arrears changed by {value} within a year", ""),
    "new_debts_year": (
        "{number} instalments fell overdue within a year",
        "Nothing fell overdue within a year",
    ),
    "debts_ever": ("{number} instalments were ever overdue", ""),
    "debts_paid_off": ("{number} were paid in full", "None was ever paid in full"),
    "debts_lapsed": ("{number} were closed without full payment", "None was closed without full payment"),
    "paid_share": ("{value} of everything ever overdue is paid", "Nothing was ever paid"),
    "payments": ("{number} payments so far", "Nothing was ever paid"),
    "paid_late": ("{number} payments after the due day", "No payment after the due day"),
    "partial_payments": ("{number} partial payments", "No partial payment"),
    "payment_mean": ("A payment is {value} on average", "Nothing was ever paid"),
    "days_since_payment": ("The last payment was {value} ago", "Nothing was ever paid"),
    **{
        f"payments_{name}": (f"{{number}} payments by {by} in two years", f"No payment by {by} in two years")
        for name, by in _CHANNELS.items()
    },
}

_SLIPS: dict[str, Sentences] = {
    **{
        name: (
            f"The latest slip shows {what} of {{value}}",
            f"The latest slip shows no {what.removeprefix('a ')}",
        )
        for name, what in _INCOMES.items()
    },
    **{
        f"{name}_before": (
            f"The slip before shows {what} of {{value}}",
            f"The slip before shows no {what.removeprefix('a ')}",
        )
        for name, what in _INCOMES.items()
    },
    "income_change": ("Income changed by {value} from the slip before", ""),
    "slips": ("Tax slips of {number} years are held", "No tax slip is held"),
    "slip_age_years": ("The latest slip is {value} old", ""),
    "slip_is_current": (
        "The slip of the newest tax year is held",
        "The slip of the newest tax year is missing",
    ),
    "payroll_withheld": ("The employer withholds tax", "No tax is withheld by an employer"),
    "filed": ("The latest slip is the debtor's own return", "No return of the debtor's own is on record"),
    "unfiled_years": ("{number} years have neither income nor a return", "No year is without a return"),
    "insurance_deduction": (
        "The life-insurance deduction is {value}",
        "The latest slip shows no life-insurance deduction",
    ),
    "insurance_years": (
        "{number} years show a life-insurance deduction",
        "No year shows a life-insurance deduction",
    ),
    "housing_loan": ("There is a housing-loan credit", "There is no housing-loan credit"),
    "housing_loan_years": (
        "{number} years show a housing-loan credit",
        "No year shows a housing-loan credit",
    ),
    "refund_bank_known": ("A slip names an account for refunds", "No account for refunds is known"),
    "employer_known": ("The latest slip names an employer", "The latest slip names no employer"),
    "payer_known": ("The latest slip names a payer of fees", "The latest slip names no payer of fees"),
    "employer_changed": ("The employer changed since the slip before", "No change of employer is on record"),
    "employers": ("{number} employers so far", "No employer is on record"),
    "employer_years": (
        "Slips of the present employer cover {number} years",
        "The present employer is not known",
    ),
}

_PERSON: dict[str, Sentences] = {
    "contacts": ("{number} contacts so far", "No contact is on record"),
    "contacts_90": ("{number} contacts within 90 days", "No contact within 90 days"),
    "contacts_365": ("{number} contacts within a year", "No contact within a year"),
    "days_since_contact": ("The last contact was {value} ago", "No contact is on record"),
    **{
        f"contacts_means_{n}": (
            f"{{number}} contacts by the means of code {n}",
            f"No contact by the means of code {n}",
        )
        for n in range(1, 6)
    },
    **{
        f"contacts_result_{n}": (
            f"{{number}} contacts with the result of code {n}",
            f"No contact with the result of code {n}",
        )
        for n in range(1, 7)
    },
    "contact_officers": ("{number} officers were in contact so far", "No officer in contact is on record"),
    "promises": ("{number} promises to pay", "No promise to pay"),
    "promises_broken": ("{number} broken promises to pay", "No broken promise"),
    "promises_kept_share": (
        "{value} of the promises whose day has come were kept",
        "No promise has come due",
    ),
    "promised_ahead": ("{value} is promised for days ahead", "Nothing is promised for days ahead"),
    "hardship_statements": ("Hardship was stated {number} times", "Hardship was never stated"),
    "days_since_hardship": ("Hardship was last stated {value} ago", "Hardship was never stated"),
    "company": ("The debtor is a company", "The debtor is a person"),
    "age": ("The debtor is {value} old", "The age is not known"),
    "household_size": ("The household has {number} people", "The size of the household is not known"),
    "dependents": ("{number} dependants", "No dependant is on record"),
    "area_known": ("The postcode is known", "The postcode is not known"),
    "moved_in_days": ("Moved in {value} ago", "No moving in is on record"),
    "from_other_prefecture": ("Moved in from another prefecture", "Did not move in from another prefecture"),
    "moved_out": ("Has moved out", "Has not moved out"),
    "moved_out_days": ("Moved out {value} ago", "No moving out is on record"),
    "mail_returned": ("Mail came back", "No mail has come back"),
    "phone_known": ("A telephone number is known", "No telephone number is known"),
    "direct_debit_known": ("An account for direct debit is known", "No account for direct debit is known"),
    "vehicles": ("Owns {number} light vehicles", "Owns no light vehicle"),
}

ENGLISH: Mapping[str, Sentences] = MappingProxyType(_PAIRS | _ARREARS | _SLIPS | _PERSON)
"""By name of the feature."""

"""The scores of the last weeks, as the daily job would have left them."""


def score_weeks(env, company):
    return ""

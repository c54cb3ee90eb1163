"""The ways in which the audit's invariants of facts and scores are broken."""

# What breaks an invariant, in plain SQL behind the back of everything, and which
# violation shows it: (what, statement, invariant, model). ``%(name)s`` are ids that
# the fixture knows.
BREAKS = [
    (
        "a purchase of another amount than its order",
        "UPDATE dcrm_purchase SET amount = amount + 1 WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a purchase of another day than its order",
        "UPDATE dcrm_purchase SET date = date - 1 WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a lost purchase",
        "DELETE FROM dcrm_purchase WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a lost credit note",
        "DELETE FROM dcrm_purchase WHERE move_id = %(refund)s",
        "facts_match_sources",
        "account.move",
    ),
    (
        "a purchase whose order was cancelled behind the host's back",
        "UPDATE sale_order SET state = 'cancel' WHERE id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a purchase that says it is an order's and names none",
        "UPDATE dcrm_purchase SET order_id = NULL WHERE order_id = %(order)s",
        "facts_match_sources",
        "dcrm.purchase",
    ),
    (
        "an invoice beside the order that it bills",
        """INSERT INTO dcrm_purchase (
            partner_id, company_id, date, amount, margin_known, source, move_id
        ) SELECT partner_id, company_id, date, amount, FALSE, 'invoice', %(invoice)s
        FROM dcrm_purchase WHERE order_id = %(order)s""",
        "purchases_counted_once",
        "dcrm.purchase",
    ),
    *(
        (
            f"a score with another {column}",
            f"UPDATE dcrm_customer_score SET {column} = {value} WHERE id = %(score)s",
            "scores_match_facts",
            "dcrm.customer.score",
        )
        for column, value in (
            ("frequency", "frequency + 1"),
            ("monetary", "monetary - 0.01"),
            ("first_purchase_date", "first_purchase_date - 1"),
            ("last_purchase_date", "NULL"),
            ("recency_class", "recency_class %% 5 + 1"),
            ("frequency_class", "frequency_class %% 5 + 1"),
            ("monetary_class", "monetary_class %% 5 + 1"),
            ("rfm_score", "'000'"),
            ("value_class", "CASE value_class WHEN 'a' THEN 'b' ELSE 'a' END"),
        )
    ),
    (
        "a score of purchases that are gone",
        """DELETE FROM dcrm_purchase USING dcrm_customer_score score
        WHERE score.id = %(score)s AND dcrm_purchase.partner_id = score.partner_id""",
        "scores_match_facts",
        "dcrm.customer.score",
    ),
    (
        "a lost score",
        "DELETE FROM dcrm_customer_score WHERE id = %(score)s",
        "scores_match_facts",
        "res.partner",
    ),
    (
        "a purchase that the queue forgot",
        """UPDATE dcrm_purchase SET amount = 9999 WHERE id = %(history)s;
        DELETE FROM dcrm_purchase_change""",
        "scores_match_facts",
        "dcrm.customer.score",
    ),
    (
        "a history that says otherwise",
        "UPDATE dcrm_customer_score_history SET monetary = 1",
        "score_history_agrees",
        "dcrm.customer.score",
    ),
    (
        "a lost history",
        "DELETE FROM dcrm_customer_score_history",
        "score_history_agrees",
        "dcrm.customer.score",
    ),
    (
        "a gap in a grid",
        "DELETE FROM dcrm_segment_cell WHERE id = %(cell)s",
        "segments_partition",
        "dcrm.rfm.scheme",
    ),
    (
        "a cell outside its cube",
        "UPDATE dcrm_segment_cell SET recency_class = 6 WHERE id = %(cell)s",
        "segments_partition",
        "dcrm.rfm.scheme",
    ),
    (
        "a score in another segment than its cell's",
        """UPDATE dcrm_customer_score SET segment_id = (
            SELECT max(id) FROM dcrm_segment WHERE id <> segment_id
        ) WHERE id = %(score)s""",
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "a score by a rule that leads elsewhere",
        """UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s
        WHERE id = %(score)s""",
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "a score by a rule that is archived",
        """UPDATE dcrm_segment_rule SET active = FALSE, segment_id = (
            SELECT segment_id FROM dcrm_customer_score WHERE id = %(score)s
        ) WHERE id = %(rule)s;
        UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s WHERE id = %(score)s
        """,
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "an action on the exit of who is still there",
        "UPDATE dcrm_segment_action_log SET event = 'exit' WHERE id = %(log)s",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "an action of another customer than its stay",
        """UPDATE dcrm_segment_action_log log SET partner_id = other.partner_id
        FROM dcrm_customer_score other
        WHERE log.id = %(log)s AND other.partner_id <> log.partner_id""",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "an action that is due and done",
        "UPDATE dcrm_segment_action_log SET state = 'due' WHERE id = %(log)s",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "a second open stay",
        """INSERT INTO dcrm_segment_stay (
            partner_id, company_id, segment_id, entered_on
        ) SELECT partner_id, company_id, segment_id, entered_on FROM dcrm_segment_stay
        WHERE id = %(stay)s""",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "an open stay in a segment that the score is not in",
        """UPDATE dcrm_segment_stay SET segment_id = (
            SELECT max(id) FROM dcrm_segment WHERE id <> segment_id
        ) WHERE id = %(stay)s""",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "a stay that ended while the score stayed",
        "UPDATE dcrm_segment_stay SET left_on = entered_on WHERE id = %(stay)s",
        "stays_match_scores",
        "dcrm.customer.score",
    ),
    (
        "a stay that was left before it was entered",
        "UPDATE dcrm_segment_stay SET left_on = entered_on - 1 WHERE id = %(stay)s",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "a purchase in another company's books than its order",
        """UPDATE dcrm_purchase SET company_id = %(company_b)s
        WHERE order_id = %(order)s""",
        "companies_apart",
        "dcrm.purchase",
    ),
    (
        "a score by another company's scheme",
        "UPDATE dcrm_rfm_scheme SET company_id = %(company_b)s",
        "companies_apart",
        "dcrm.customer.score",
    ),
    (
        "a score by another company's rule",
        """UPDATE dcrm_segment_rule SET company_id = %(company_b)s;
        UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s WHERE id = %(score)s
        """,
        "companies_apart",
        "dcrm.customer.score",
    ),
    (
        "a score in another company's segment",
        "UPDATE dcrm_segment SET company_id = %(company_b)s",
        "companies_apart",
        "dcrm.customer.score",
    ),
]

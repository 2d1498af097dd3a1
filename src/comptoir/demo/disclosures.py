"""The disclosures of the sample bank, published in a shop of the demo."""

from comptoir.domain.banking.documents.contents import Contents
from comptoir.domain.banking.documents.disclosures import publish_disclosure
from comptoir.domain.media.store import MediaStore
from comptoir.domain.tx import Tx
from comptoir.papers.disclosures import EFFECTIVE_AT, EXPIRES_AT, sample_disclosures


def load_disclosures(tx: Tx, media: MediaStore, secret: bytes) -> None:
    """Publish them in both languages, under the ids that were recorded. Refuses: Invalid (id), if one is taken."""
    contents = Contents(media, secret)
    for one in sample_disclosures():
        publish_disclosure(
            tx,
            document_type=one.document_type,
            title=one.title,
            file=contents.put(one.pdf, "disclosure.pdf"),
            culture=one.culture,
            html=one.html,
            effective_at=EFFECTIVE_AT,
            expires_at=EXPIRES_AT,
            id=one.id,
        )

"""What imports keep about people; see core.personal."""

from __future__ import annotations

from consult.core.personal import KEPT, PERSON, Held, hold

from .models import ImportBatch

hold(Held(ImportBatch, ImportBatch.imported_by_id == PERSON, KEPT))

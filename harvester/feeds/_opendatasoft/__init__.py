"""Opendatasoft (Huwise): its datasets as drafts.

```
v2.1, v2, v1 as JSON ─┐
                      ├─ shapes ─▶ Entry ─ entry ─▶ Draft
CSV export ── sheet ──┘                  └─ links (exports, attachments)
RDF, data.json ── the feeds dcat and dcat_us ─ other_exports ─▶ Draft
```
"""

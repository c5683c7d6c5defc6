"""Socrata (Tyler Data & Insights): its assets as drafts.

```
discovery API ───────────▶ asset ─▶ Draft
/api/views.json ─ views ─────┘
data.json ── the feed dcat_us ─ catalogue_file ─▶ Draft
```
"""

#!/bin/bash
# docs.sh - pages, help, schemas and samples say the same (tools/check-docs)
exec "${TALI_SRCDIR:?}/tools/check-docs" "$TALI_SRCDIR" "${TALI_BUILDDIR:?}/tali"

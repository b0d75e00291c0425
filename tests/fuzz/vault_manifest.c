/* Any bytes as an opened manifest: what decodes and passes the check keeps every chunk inside the file. */
#include <stdlib.h>
#include <string.h>

#include "enclave/vault/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_manifest m;
	struct sl_segment_header head;
	struct sl_segment_trailer tail;
	uint64_t end;

	if (size >= SL_SEGMENT_HEADER_BYTES)
		(void)!sl_segment_header_get(data, &head, NULL);
	if (size >= SL_SEGMENT_TRAILER_BYTES && sl_segment_trailer_get(data, size, &tail, NULL) == SL_OK &&
	    tail.manifest_offset + tail.manifest_bytes > size)
		abort();
	if (size < 8)
		return 0;
	memcpy(&end, data, sizeof end);
	if (sl_codec_decode(&sl_manifest_record, data + 8, size - 8, &m, NULL) != SL_OK)
		return 0;
	if (sl_manifest_check(&m, end, NULL) == SL_OK)
		for (uint32_t c = 0; c < m.ncolumns; c++)
			for (uint32_t g = 0; g < m.ngroups; g++)
				if (m.columns[c].chunks[g].offset + m.columns[c].chunks[g].bytes > end)
					abort();
	sl_manifest_free(&m);
	return 0;
}

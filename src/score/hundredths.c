/* hundredths.c - see hundredths.h */
#include "score/hundredths.h"

json_t *hundredths_json(int64_t hundredths)
{
	return hundredths % 100 ? json_real((double)hundredths / 100)
				: json_integer(hundredths / 100);
}

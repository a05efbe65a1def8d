#include <fstrm.h>
#include <malloc.h>

// The header is C++ too, and may be included twice.

#include <dingstream.h>
#include <dingstream.h>

#include <cstddef>
#include <type_traits>

static_assert(std::is_standard_layout<dingstream_view>::value, "a view is plain data");
static_assert(sizeof(dingstream_view) == 128, "a view is frozen");
static_assert(offsetof(dingstream_view, reserved) == 96, "a view is frozen");

int main()
{
    return dingstream_abi_version() == DINGSTREAM_ABI_VERSION ? 0 : 1;
}

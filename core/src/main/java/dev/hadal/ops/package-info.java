/** Operations as models speak them: shapes checked, memory taken, kernels run. */
@NullMarked
package dev.hadal.ops;

import org.jspecify.annotations.NullMarked;

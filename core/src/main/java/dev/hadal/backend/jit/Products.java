package dev.hadal.backend.jit;

import dev.hadal.backend.simd.Worker;
import dev.hadal.backend.simd.WorkerPool;
import dev.hadal.tensor.Tensor;
import java.util.Arrays;

/**
 * Several products done as one task, so that workers that finish one go on with the next: matrix i
 * times a range of rows of activations.
 */
final class Products {
  private final WorkerPool pool;
  private final Workspace[] workspaces;
  private final WorkerPool.Task multiply = this::multiply;
  private Product[] products = new Product[0];
  private int[] firstUnit = new int[1];
  private int count;

  private static final class Product {
    final Matrix w;
    Records x;
    int firstRow;
    int rows;
    long out;
    long outStride;

    Product(int width, Records x) {
      w = new Matrix(width);
      this.x = x;
    }
  }

  Products(WorkerPool pool, Workspace[] workspaces) {
    this.pool = pool;
    this.workspaces = workspaces;
  }

  void clear() {
    count = 0;
  }

  /**
   * One more.
   *
   * @param out where the outputs of activation row {@code firstRow} go
   */
  void add(
      TypeKernels kernels,
      Tensor w_OI,
      Records x,
      int firstRow,
      int rows,
      long out,
      long outStride) {
    if (count == products.length) {
      products = Arrays.copyOf(products, 2 * count + 1);
      firstUnit = Arrays.copyOf(firstUnit, products.length + 1);
      for (int i = count; i < products.length; i++) {
        products[i] = new Product(pool.width(), x);
      }
    }
    Product product = products[count];
    product.w.set(kernels, w_OI);
    product.x = x;
    product.firstRow = firstRow;
    product.rows = rows;
    product.out = out;
    product.outStride = outStride;
    kernels.ready(rows);
    firstUnit[count + 1] = firstUnit[count] + product.w.units(rows);
    count++;
  }

  void run() {
    pool.run(multiply, firstUnit[count]);
  }

  private void multiply(int unit, Worker worker) {
    int found = Arrays.binarySearch(firstUnit, 0, count, unit);
    int i = found < 0 ? -found - 2 : found;
    Product product = products[i];
    product.w.multiply(
        unit - firstUnit[i],
        product.x,
        product.firstRow,
        product.rows,
        product.out,
        product.outStride,
        workspaces[worker.number()]);
  }
}

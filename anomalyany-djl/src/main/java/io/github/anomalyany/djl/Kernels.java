// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.io.Resources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The blocks of the networks as TorchScript methods, read from {@code kernels.py}. Any thread may call them.
 *
 * <p>Calls never enter PyTorch's inference mode, whose tensors can't take part in gradients: whether a call is recorded
 * depends on the thread's gradient mode alone, which every call sets.
 */
final class Kernels implements AutoCloseable {
    private static final String NAME = "Kernels";
    private static final MethodHandle RUN = runMethod();
    private static final MethodHandle WRAP = wrapHandle();

    /** The profiling executor recompiles at the first calls and drifts by an ulp; its switch is one per thread. */
    private static final ThreadLocal<Boolean> INTERPRETER = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private static final Pattern OWN_WAY = Pattern.compile("def (\\w+_(?:vjp|kept))\\(");

    private final PtSymbolBlock module;
    private final Set<String> ownWays;

    private Kernels(PtSymbolBlock module, Set<String> ownWays) {
        this.module = module;
        this.ownWays = ownWays;
    }

    static Kernels load(PtNDManager manager) {
        try {
            String code =
                    Resources.toString(Resources.getResource(Kernels.class, "kernels.py"), StandardCharsets.UTF_8);
            // the archive's dialect wants the type of self; the file is more readable without
            byte[] archive = archive(code.replace("(self,", "(self: __torch__." + NAME + ","));
            // the blocks' own ways back are made for the CPU
            Set<String> ownWays = manager.getDevice().isGpu()
                    ? Set.of()
                    : OWN_WAY.matcher(code).results().map(m -> m.group(1)).collect(Collectors.toUnmodifiableSet());
            return new Kernels(JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false), ownWays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a kernel has a way back of its own, {@code kernel_vjp}. */
    boolean hasOwnWay(String kernel) {
        return ownWays.contains(kernel + "_vjp");
    }

    /** The method that also returns what a kernel's own way back wants kept: {@code kernel_kept} if there is one. */
    String keeping(String kernel) {
        return ownWays.contains(kernel + "_kept") ? kernel + "_kept" : kernel;
    }

    /** Calls a method that returns one tensor, owned by {@code manager}. */
    PtNDArray one(NDManager manager, boolean recorded, String method, Object... arguments) {
        try (IValue result = call(recorded, method, arguments)) {
            return result.toTensor((PtNDManager) manager);
        }
    }

    /** Calls a method that returns one tensor or a list of them, owned by {@code manager}. */
    PtNDArray[] all(NDManager manager, boolean recorded, String method, Object... arguments) {
        try (IValue result = call(recorded, method, arguments)) {
            return result.isTensor()
                    ? new PtNDArray[] {result.toTensor((PtNDManager) manager)}
                    : result.toTensorArray((PtNDManager) manager);
        }
    }

    private IValue call(boolean recorded, String method, Object... arguments) {
        Checkpoint.ask();
        INTERPRETER.get();
        var values = new IValue[arguments.length];
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(recorded);
        try {
            long[] handles = new long[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(arguments[i]);
                handles[i] = values[i].getHandle();
            }
            long result = (long) RUN.invokeExact((long) module.getHandle(), method, handles, true, false);
            return (IValue) WRAP.invokeExact(result);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            JniUtils.setGradMode(before);
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null && !(arguments[i] instanceof BlockWeights)) {
                    values[i].close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        if (argument instanceof PtNDArray tensor) {
            return IValue.from(tensor);
        } else if (argument instanceof BlockWeights weights) {
            return weights.list();
        } else if (argument instanceof PtNDArray[] tensors) {
            return IValue.listFrom(tensors);
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        } else if (argument instanceof Double number) {
            return IValue.from(number);
        } else if (argument instanceof Number number) {
            return IValue.from(number.longValue());
        }
        throw new IllegalArgumentException("no TorchScript value for " + argument.getClass());
    }

    @Override
    public void close() {
        module.close();
    }

    /** A TorchScript archive: an uncompressed zip of the code and a pickled object without attributes but {@code training}. */
    private static byte[] archive(String code) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            String pickle = "\u0080\u0002c__torch__\n" + NAME + "\nq\u0000)\u0081}q\u0001(X\b\u0000\u0000\u0000training"
                    + "q\u0002\u0089ubq\u0003.";
            store(zip, "data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "version", "3\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] data) throws IOException {
        var entry = new ZipEntry("archive/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(data.length);
        entry.setCompressedSize(data.length);
        var crc = new CRC32();
        crc.update(data);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(data);
        zip.closeEntry();
    }

    /** DJL runs methods only in inference mode or with named arrays, hence this way to its native call. */
    private static MethodHandle runMethod() {
        try {
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            Field instance = library.getDeclaredField("LIB");
            instance.setAccessible(true);
            Method run = library.getDeclaredMethod(
                    "moduleRunMethod", long.class, String.class, long[].class, boolean.class, boolean.class);
            run.setAccessible(true);
            return MethodHandles.lookup().unreflect(run).bindTo(instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static MethodHandle wrapHandle() {
        try {
            Constructor<IValue> constructor = IValue.class.getDeclaredConstructor(long.class);
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

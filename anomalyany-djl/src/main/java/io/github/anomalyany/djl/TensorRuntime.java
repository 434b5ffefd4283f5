// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.base.Throwables;
import io.github.anomalyany.Device;
import io.github.anomalyany.EngineUnavailableException;
import java.util.ServiceLoader;

/**
 * PyTorch on one device: where tensors are made and kernels run. Any thread may use it; closing it frees everything that
 * was made in it, so close it only when no run is under way.
 */
public final class TensorRuntime implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    private final Device device;
    private final String engineVersion;
    private final PtNDManager manager;
    private final Kernels kernels;

    private TensorRuntime(Device device, String engineVersion, PtNDManager manager) {
        this.device = device;
        this.engineVersion = engineVersion;
        this.manager = manager;
        this.kernels = Kernels.load(manager);
    }

    /**
     * Starts the engine if need be and opens a device.
     *
     * @param wanted where to run
     * @return a runtime, to be closed by the caller
     * @throws EngineUnavailableException if the native libraries or the device are missing
     */
    public static TensorRuntime open(Device wanted) {
        Engine engine = engine();
        // a machine may have devices that a CPU build of PyTorch can't use
        int devices = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
        Device chosen = wanted.isAuto() ? (devices > 0 ? Device.cuda(0) : Device.cpu()) : wanted;
        if (chosen.isCuda() && chosen.index() >= devices) {
            throw new EngineUnavailableException(
                    ("%s was asked for but PyTorch %s sees %d CUDA devices: use Device.cpu(); or"
                                    + " take ai.djl.pytorch:pytorch-native-cpu off the class path, so that DJL fetches"
                                    + " pytorch-native-cu128 2.7.1 at its first use (without ai.djl.offline); or set"
                                    + " PYTORCH_LIBRARY_PATH to the libraries of a CUDA build, with PYTORCH_VERSION=2.7.1 and"
                                    + " PYTORCH_FLAVOR=cu128")
                            .formatted(chosen, engine.getVersion(), devices));
        }
        ai.djl.Device place = chosen.isCuda() ? ai.djl.Device.gpu(chosen.index()) : ai.djl.Device.cpu();
        return new TensorRuntime(chosen, engine.getVersion(), (PtNDManager) engine.newBaseManager(place));
    }

    /** DJL looks for engines and their files with the context class loader, which in a framework's thread may know neither. */
    private static Engine engine() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TensorRuntime.class.getClassLoader());
        try {
            if (!Engine.hasEngine(ENGINE)) { // DJL was used before us, with another loader
                ServiceLoader.load(EngineProvider.class).forEach(Engine::registerEngine);
            }
            Engine engine = Engine.getEngine(ENGINE);
            JniUtils.isGradMode(); // fails here, not later, where the native library doesn't load
            return engine;
        } catch (EngineException | IllegalArgumentException | IllegalStateException | LinkageError e) {
            throw notLoaded(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** DJL's messages say what it tried; the cause at the bottom says why that failed. */
    static EngineUnavailableException notLoaded(Throwable e) {
        return new EngineUnavailableException(
                ("PyTorch's native libraries can't be loaded on %s %s (%s; %s): add"
                                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1, and no other version, with the classifier of your"
                                + " platform (linux-x86_64, linux-aarch64, osx-aarch64, win-x86_64) to the class path")
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                e.getMessage(),
                                Throwables.getRootCause(e)),
                e);
    }

    /**
     * The device in use.
     *
     * @return the CPU or a CUDA device, never the automatic choice
     */
    public Device device() {
        return device;
    }

    /**
     * Version of PyTorch.
     *
     * @return as {@code "2.7.1"}
     */
    public String engineVersion() {
        return engineVersion;
    }

    /**
     * Threads that one kernel runs on.
     *
     * @return set by the system property {@code ai.djl.pytorch.num_threads} before the engine starts
     */
    public int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * Opens a scope for a run.
     *
     * @return a scope, to be closed by the caller
     */
    public TensorScope scope() {
        return new TensorScope(kernels, (PtNDManager) manager.newSubManager());
    }

    PtNDManager manager() {
        return manager;
    }

    Kernels kernels() {
        return kernels;
    }

    /**
     * Native arrays alive in this runtime, for leak tests.
     *
     * @return a count
     */
    public int liveArrays() {
        return manager.getManagedArrays().size();
    }

    /** Frees the kernels and all tensors. */
    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}

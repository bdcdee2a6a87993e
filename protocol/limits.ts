// Every limit has a name and a reason. Numbers from files and frames are checked against these before memory is taken.
// This list comes back in the answer to `hello` and in `masklet doctor`.

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

export const limits = {
  /** One live message. A plane of 8192 x 8192 float32 is 256 MiB; larger planes go by HTTP PUT. */
  maxFrameBytes: 257 * MiB,
  /** One plane of pixels: typed arrays and sockets stay well inside 32-bit lengths. */
  maxPlaneBytes: 1 * GiB,
  /** A TIFF sent in a request body. Larger files are read from a path, or plane by plane. */
  maxUploadBytes: 4 * GiB,
  /** JSON bodies: prompts for thousands of objects fit; a mistake does not fill the memory. */
  maxJsonBytes: 64 * MiB,
  /** x and y of a volume: ImageJ's own limit on a side is 2^31, ours keeps a plane under maxPlaneBytes. */
  maxSide: 65_536,
  /** Planes of a volume (t * c * z): beyond it an index of planes alone would take gigabytes. */
  maxPlanes: 4_000_000,
  /** Voxels of a volume: exact as a float64 with room for byte offsets. */
  maxVoxels: 2 ** 48,
  /** TIFF directories and tags: a lying header cannot make the reader walk for ever. */
  maxTiffEntries: 65_535,
  /** Values read from all directories of a TIFF together (8192 pages of 2048 strips): overlapping directories end the walk. */
  maxTiffValues: 16_777_216,
  /** A TIFF's description: OME-XML of large plates stays below; a lying length takes no memory. */
  maxTiffTextBytes: 16 * MiB,
  /** One Zarr chunk decoded: the codecs in WebAssembly hold it twice in 2 GiB. Written chunks are 64 MiB. */
  maxZarrChunkBytes: 512 * MiB,
  /** Chunks of a Zarr array: 4e12 voxels in chunks of 64^3; a lying chunk shape cannot make a reader look for ever. */
  maxZarrChunks: 16_777_216,
  /** One Zarr metadata file; consolidated metadata of many arrays stays below. */
  maxZarrMetadataBytes: 16 * MiB,
  /** The table of a Zarr shard, 16 bytes a chunk. */
  maxZarrIndexBytes: 64 * MiB,
  /** Decoded chunks kept of a Zarr array that is read outside a server: a row of boxes with its halo in chunks of 64^3. */
  zarrCacheBytes: 256 * MiB,
  /** Decoded chunks kept while a Zarr volume is measured row by row: a layer of 64 slices of 2500 x 2500 float32 takes 1.5 GiB. */
  measureCacheBytes: 2 * GiB,
  /** Labels to be interpolated between slices: ITK holds them several times over in the 4 GiB of a WebAssembly memory. */
  maxInterpolatedBytes: 512 * MiB,
  /** Raw voxels of one volume kept decoded in memory. */
  volumeCacheBytes: 512 * MiB,
  /** A file of weights: the largest official one has 0.9 GB, a trainer's with its optimizer three times that. */
  maxModelBytes: 16 * GiB,
  /** One embedding: 16 MiB at the largest official input, room for twice its side. */
  maxEmbeddingBytes: 64 * MiB,
  /** Embeddings kept in the model host's memory; one is 4 MiB (SAM 1) or 16 MiB (SAM 2 at 1024). */
  embeddingCacheBytes: 512 * MiB,
  /** Embeddings kept on disk, oldest use dropped first. */
  embeddingDiskBytes: 2 * GiB,
  /** Pixels a client may have on their way, as `need` tells it. */
  creditBytes: 64 * MiB,
  /** Live connections: each may hold credit for pixels. */
  maxConnections: 64,
  /** Requests of one connection, or jobs, that have not ended. */
  maxPending: 256,
  /** Jobs at work at once: the model does one thing at a time, and the rest of a job is light. */
  maxRunningJobs: 32,
  /** Ended jobs that can still be asked about. */
  maxEndedJobs: 1000,
  /** Rows in the results of ended jobs: some 300 MB. Beyond, the oldest are forgotten, and their files removed. */
  maxEndedRows: 100_000,
  /** Answered bytes not yet taken by a slow client before masks wait for it. */
  maxUnsentBytes: 64 * MiB,
  /** Object ids: exact in a float32 label image. */
  maxObjectId: 2 ** 24,
  /** Masks that one edit brings: its record in the journal is packed in memory, and has a 32-bit length. */
  maxEditBytes: 1 * GiB,
  /** Label images that are measured or judged side by side: a thread each, of up to some 700 MiB. The others wait. */
  maxScoreThreads: 2,
  /** Rows of objects that a result of `measure` or `evaluate` lists: a frame of so many is packed in some 100 ms. The files that come with it list all. */
  maxResultRows: 2000,
  /** Slices that a preview of a recipe works on: enough for every filter's reach, and a second or two of work. */
  previewSlices: 64,
  /** Voxels of the box around one object where directions are combined or an object is split: at up to 25 bytes a voxel, 3.1 GiB. */
  maxObjectVoxels: 2 ** 27,
  /** A JSON that describes a training set: a million annotations have some 400 MB, and a text has less than 2^29 characters. */
  maxDatasetJsonBytes: 500 * MiB,
  /** Annotations of one COCO file, and outlines of one file of ROIs or features: the largest public sets have fewer than a million a file. */
  maxAnnotations: 4_000_000,
  /** A picture of a training set, and one decoded slice of it: as many pixels as one crop may have voxels. */
  maxCropVoxels: 2 ** 27,
  /** A zip of ROIs, and all its entries unpacked: a million outlines of 200 corners have 800 MB. */
  maxRoisBytes: 1 * GiB,
  /** Steps from corner to corner of outlines that are filled: rows an edge crosses, for all edges of one outline. */
  maxOutlineCrossings: 2 ** 24,
  /** Label images in TIFF are uint16 up to this id, float32 above. */
  maxUint16Label: 65_535,
  /** The network's input is 1024 wide; a larger window is averaged down before it crosses the process boundary. */
  maxViewSide: 1024,
  /** A safetensors header: a tensor takes about 120 bytes of it, the largest SAM 2 has 903; the JSON is parsed in memory. */
  maxSafetensorsHeaderBytes: 16 * MiB,
  /** data.pkl of a torch checkpoint, read whole: under 200 bytes a tensor, 172,158 for SAM 2 large. */
  maxPickleBytes: 16 * MiB,
  /** Steps of unpickling, each makes at most one small value: SAM 2 large takes 33,910, tiny with its optimizer 60,591. */
  maxPickleSteps: 500_000,
  /** Records of a zip, or tensors of a checkpoint: SAM 2 large with an optimizer has some 3,600. */
  maxCheckpointEntries: 65_536,
  /** Characters of a tensor's name: SAM 2's longest has 79. */
  maxTensorNameLength: 512,
  /** Dimensions of a tensor: convolutions have 4. */
  maxTensorRank: 8,
  /** One tensor as float32, and the bytes read for it. SAM 2's largest has 21 MiB; a strided view of a few bytes may claim any size. */
  maxTensorBytes: 1 * GiB,
  /** All tensors of a checkpoint as float32: SAM 2 large has 0.9 GiB; tensors that share a storage may claim any sum. */
  maxWeightsBytes: 4 * GiB,
  /** Objects of one run walked side by side: a SAM 2 tracker keeps seven planes of 4096 x 64 float32 and more, in two processes. */
  maxTrackersAtOnce: 32,
  /** Voxels kept for planes along y and x of one run: a window of 256 pixels through 500 slices takes 32 MiB of uint16. */
  brickCacheBytes: 256 * MiB,
  /** Neighbouring planes encoded ahead on each side of a prompted one: minutes of work at most, and a tenth of the embeddings kept. */
  encodeAheadPlanes: 6,
  /** Quiet before encoding ahead begins: a run cannot be interrupted, and clicks that follow each other should not wait for one. */
  encodeAheadPauseMs: 1000,
  /** A JSON body for `/sam/`: a view of 33 million pixels as PNG in base64, or the frames of a short video. A larger one would not fit into one text. */
  maxSamapiJsonBytes: 256 * MiB,
  /** One frame of a video as JPEG; 33 million pixels take about 20 MiB. */
  maxSamapiFrameBytes: 64 * MiB,
  /** Frames uploaded for one video, beyond any stack that a person would follow an object through. */
  maxSamapiFrames: 65_536,
  /** Frames of all videos that are uploaded and not yet asked about; they lie on the disk. */
  maxSamapiUploadBytes: 16 * GiB,
  /** Pixels of one picture for `/sam/`, a screen of 7680 x 4320: as three float planes 384 MiB while a view is made of it. */
  maxSamapiPixels: 2 ** 25,
  /** Decoded pictures and frames kept: a viewer sends the same picture for each object, and a run looks at each frame from both sides. */
  samapiPictureBytes: 256 * MiB,
  /** Points of one prompt: each is two tokens for the decoder, whose time grows with their square. */
  maxSamapiPoints: 1024,
  /** Prompts of one video. */
  maxSamapiPrompts: 4096,
  /** Decoding one picture; a damaged one must not hold up those after it. */
  samapiDecodeMs: 60_000,
  /** Uploaded frames that nobody asks about for this long are removed. */
  samapiUploadIdleMs: 3_600_000,
  /** Silence that an answer of `/sam/` may keep: the extension's HTTP client gives up after three minutes. */
  samapiHeartbeatMs: 15_000,
  /** How long the server waits for pixels it asked a connected client for. */
  pixelTimeoutMs: 30_000,
  /** A host silent for this long hangs. A large encoder at 1024 is 910 billion multiply-adds in one run without a sign of life, on a machine that may be busy. */
  hostTimeoutMs: 300_000,
  /** A request that has not come whole in this time is cut off: the largest upload over a line of 10 Mbit/s. */
  requestTimeoutMs: 3_600_000,
  /** A hello must follow the opening of a connection, or its place is given away. */
  helloTimeoutMs: 10_000,
} as const;

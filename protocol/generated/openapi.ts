// Generated from protocol/openapi.yaml by scripts/generate-types.ts. Do not edit.
export interface paths {
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the server there, and what is it */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models this server knows, installed or not */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recipes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The classical pipelines this server knows, with every step's parameters */
        get: operations["listRecipes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload a TIFF, name a path under an allowed root, or declare a volume whose planes will be put */
        post: operations["createVolume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{volumeId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
            };
            cookie?: never;
        };
        get: operations["getVolume"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{volumeId}/planes/{t}/{c}/{z}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
                t: number;
                c: number;
                z: number;
            };
            cookie?: never;
        };
        get?: never;
        /** One plane of a declared volume, raw little-endian, rows from the top */
        put: operations["putPlane"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listSessions"];
        put?: never;
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getPrompts"];
        /** Replaces the prompts of every object named in the body, as one edit that one undo takes back; no mask is computed yet */
        put: operations["putPrompts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/labels.tif": {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        /** The label image; the voxel value is the object id */
        get: operations["getLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/rois.zip": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getRois"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/objects.geojson": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getGeojson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/measurements.csv": {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
                /** @description Whether grey values are measured. Default: where the server has all of the volume's pixels */
                intensity?: components["parameters"]["intensity"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        /** What `measure` finds, as a table; its first 15 columns stay as they are. Without `overlap`, objects that share voxels are each measured on all of theirs */
        get: operations["getMeasurements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/report.html": {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
                /** @description Whether grey values are measured. Default: where the server has all of the volume's pixels */
                intensity?: components["parameters"]["intensity"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        /** What `measure` finds, as one page with plots and slices, that needs no other file: some megabytes, however many objects there are */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts an operation; names and params are those of the live messages */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        get: operations["getJob"];
        put?: never;
        post?: never;
        /** Cancels; what arrived is kept. The job then says `cancelled` */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        /** Server-sent events `progress` (Progress), `mask` (Mask, bits in base64) and last `end` (Job) */
        get: operations["jobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/files/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
                name: string;
            };
            cookie?: never;
        };
        /** A file that the job's result names */
        get: operations["getJobFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Id: string;
        Index: number;
        ObjectId: number;
        /**
         * @description The normal of a plane
         * @enum {string}
         */
        Axis: "z" | "y" | "x";
        /**
         * @description The axis a propagation follows
         * @enum {string}
         */
        Along: "z" | "y" | "x" | "t";
        /** @enum {string} */
        Direction: "forward" | "backward" | "both";
        /** @enum {string} */
        Dtype: "uint8" | "uint16" | "float32";
        /** @enum {string} */
        Overlap: "highest-score" | "first" | "last" | "nearest";
        /** @description A model's id, or `auto` */
        ModelId: string;
        /** @description [x, y, label]: label 1 = in the object, 0 = not */
        Point: [
            number,
            number,
            0 | 1
        ];
        /** @description [u0, v0, u1, v1], pixel corners, u1 > u0 and v1 > v0 */
        Box: [
            number,
            number,
            number,
            number
        ];
        Range: {
            start: components["schemas"]["Index"];
            end: components["schemas"]["Index"];
        };
        Shape: {
            t: number;
            c: number;
            z: number;
            y: number;
            x: number;
        };
        /** @description Voxel size in micrometres */
        Spacing: {
            z: number;
            y: number;
            x: number;
        };
        /** @description [low, high] raw values a person sees as black and white */
        DisplayRange: [
            number,
            number
        ];
        /** @description One stored image plane */
        Plane: {
            t: components["schemas"]["Index"];
            c: components["schemas"]["Index"];
            z: components["schemas"]["Index"];
        };
        /** @description Where a prompt lies: one index along an axis, in one frame and channel. t and c default to 0 */
        Cut: {
            axis: components["schemas"]["Axis"];
            index: components["schemas"]["Index"];
            t?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
        };
        /** @description One bit a pixel over the box; rows padded to a byte, most significant bit first */
        MaskBits: {
            box: components["schemas"]["PixelBox"];
            /** Format: binary */
            bits: Uint8Array;
        };
        /** @description [u0, v0, u1, v1], whole pixels, half-open */
        PixelBox: [
            components["schemas"]["Index"],
            components["schemas"]["Index"],
            components["schemas"]["Index"],
            components["schemas"]["Index"]
        ];
        /**
         * @description Why a mask is worth a look. gap: the object was not seen on the plane or two before it
         * @enum {string}
         */
        Warning: "low-score" | "area-jump" | "drift" | "touches-edge" | "low-contrast" | "window-moved" | "gap";
        /** @description One object on one plane. (u,v) = (x,y) for axis z, (x,z) for y, (y,z) for x. A mask found along t lies on a z plane of its frame */
        Mask: {
            objectId: components["schemas"]["ObjectId"];
            axis: components["schemas"]["Axis"];
            index: components["schemas"]["Index"];
            t: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            box: components["schemas"]["PixelBox"];
            /** Format: binary */
            bits: Uint8Array;
            /** @description The network's own estimate of its overlap with the truth, 0 to 1 */
            score: number;
            /** @description Pixels */
            area: number;
            warnings?: components["schemas"]["Warning"][];
            /**
             * Format: binary
             * @description The mask as .roi bytes, when `hello` asked for them
             */
            roi?: Uint8Array;
            /** @description The mask as one GeoJSON Feature, when `hello` asked for it */
            geojson?: string;
        };
        /**
         * @description Why a propagation stopped in one direction
         * @enum {string}
         */
        EndReason: "range" | "volume-edge" | "next-prompt" | "lost" | "empty" | "low-score" | "area-jump" | "low-contrast" | "cancelled";
        End: {
            objectId: components["schemas"]["ObjectId"];
            /** @enum {string} */
            direction: "forward" | "backward";
            /** @description The last plane with a mask */
            index: number;
            reason: components["schemas"]["EndReason"];
        };
        Progress: {
            done: number;
            total: number;
            /** @enum {string} */
            unit: "planes" | "objects" | "bytes" | "voxels" | "crops";
            /** @description classical.run: the step that is being done */
            step?: string;
        };
        /** @description The one form of every error */
        Fault: {
            code: string;
            message: string;
            hint: string;
            details: {
                [key: string]: unknown;
            };
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            message: string;
            hint: string;
            details: {
                [key: string]: unknown;
            };
        };
        /** @description One prompted plane, with any of box, points, polygon, mask. It names its index by its object's axis: y or x for those, else z (default 0) */
        FilePrompt: {
            z?: components["schemas"]["Index"];
            y?: components["schemas"]["Index"];
            x?: components["schemas"]["Index"];
            t?: components["schemas"]["Index"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            /** @description A PNG beside prompts.json, non-zero = object (command line only) */
            mask?: string;
        };
        Vertex: [
            number,
            number
        ];
        FileObject: {
            id: components["schemas"]["ObjectId"];
            axis?: components["schemas"]["Along"];
            t?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            prompts: components["schemas"]["FilePrompt"][];
        };
        PromptsFile: {
            objects: components["schemas"]["FileObject"][];
        };
        Health: {
            /** @constant */
            name: "masklet";
            version: string;
            /** @constant */
            protocol: 1;
            /**
             * @description What the model host is doing
             * @enum {string}
             */
            model: "not-started" | "starting" | "ready" | "busy";
        };
        Model: {
            id: string;
            /** @enum {string} */
            family: "sam1" | "sam2";
            licence: string;
            installed: boolean;
            sizeBytes: number;
            /**
             * @description verified: against a published hash; recorded: against the hash of the first download
             * @enum {string}
             */
            integrity: "verified" | "recorded" | "missing";
            /** @description Whence it came: an npm package, an address, a file */
            source?: string;
            /** @description Side of the network's input */
            imageSize?: number;
            /** @description It comes with Masklet and needs no download; it is compiled when it is first used */
            embedded?: boolean;
            /** @description Mean Dice of just these weights on the validation sets, 0 to 1, from one box and from one click */
            meanDice?: number;
        };
        ModelList: components["schemas"]["Model"][];
        /** @description A volume whose pixels a client holds */
        Declaration: {
            name: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            /** @description The three channels are red */
            rgb?: boolean;
            spacing?: components["schemas"]["Spacing"];
            displayRange?: components["schemas"]["DisplayRange"];
            /** @description What makes this image the same one again: path + size + mtime, or an image id */
            identity?: string;
        };
        VolumeRequest: {
            path: string;
        } | components["schemas"]["Declaration"];
        Volume: {
            volumeId: components["schemas"]["Id"];
            name: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            rgb?: boolean;
            spacing?: components["schemas"]["Spacing"];
            displayRange?: components["schemas"]["DisplayRange"];
            /** @description Planes of a declared volume the server has already */
            planesHeld?: number;
            /** @description Planes of a declared volume that are waited for: put them */
            planesNeeded?: components["schemas"]["Plane"][];
        };
        SessionRequest: {
            volumeId: components["schemas"]["Id"];
            view?: components["schemas"]["ViewSettings"];
        };
        /** @description How raw values become the network's input; frozen with the session */
        ViewSettings: {
            range?: components["schemas"]["DisplayRange"];
            invert?: boolean;
            /** @description Gaussian, in units of the smallest spacing; default 1 */
            sigma?: number;
        };
        Session: {
            sessionId: components["schemas"]["Id"];
            volumeId: components["schemas"]["Id"];
            /** @description Number of the last edit */
            seq: number;
            view?: components["schemas"]["ViewSettings"];
            objects: components["schemas"]["ObjectSummary"][];
        };
        ObjectSummary: {
            objectId: components["schemas"]["ObjectId"];
            /** @description The last edit that touched it */
            seq: number;
            /** @description Its prompted planes */
            prompts: components["schemas"]["Cut"][];
            /** @description Planes with a mask */
            masks: number;
        };
        JobRequest: {
            /** @enum {string} */
            operation: "prompt.set" | "prompt.remove" | "object.remove" | "undo" | "redo" | "propagate" | "automask" | "automask.stack" | "combine" | "split" | "classical.run" | "measure" | "evaluate";
            /** @description Needed by every operation but measure and evaluate, which can be given volumes alone */
            sessionId?: components["schemas"]["Id"];
            /** @description The live message's own members, without t, id and sessionId */
            params?: {
                [key: string]: unknown;
            };
            /** @description You will put each plane that planesNeeded of the volumes it reads names while the job runs; default false: planes that are not there are pixels_missing */
            supply?: boolean;
        };
        Job: {
            id: components["schemas"]["Id"];
            operation: string;
            sessionId?: components["schemas"]["Id"];
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            progress: components["schemas"]["Progress"];
            result?: {
                [key: string]: unknown;
            };
            error?: components["schemas"]["Fault"];
        };
        RequestId: number;
        Hello: {
            /** @constant */
            t: "hello";
            id: components["schemas"]["RequestId"];
            protocol: number;
            client: string;
            /**
             * @description Default bits; roi and geojson add that member to every mask
             * @enum {string}
             */
            masks?: "bits" | "roi" | "geojson";
            /** @description Browsers only; others send Authorization: Bearer */
            token?: string;
        };
        /** @description Opens or resumes the session of the declared volume, or of an existing session */
        VolumeOpen: {
            /** @constant */
            t: "volume.open";
            id: components["schemas"]["RequestId"];
            volume?: components["schemas"]["Declaration"];
            /** @description A TIFF under an allowed root */
            path?: string;
            sessionId?: components["schemas"]["Id"];
            view?: components["schemas"]["ViewSettings"];
        };
        /** @description Answers `need`; not a request */
        SlicePut: {
            /** @constant */
            t: "slice.put";
            volumeId: components["schemas"]["Id"];
            plane: components["schemas"]["Plane"];
            /**
             * Format: binary
             * @description Raw little-endian pixels, rows from the top
             */
            data: Uint8Array;
        };
        /** @description Replaces the prompt of (object, plane), or merges into it with `add`; answers with the mask on that plane */
        PromptSet: {
            /** @constant */
            t: "prompt.set";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            cut: components["schemas"]["Cut"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            mask?: components["schemas"]["MaskBits"];
            add?: boolean;
            /** @description Also answer with the network's three alternatives */
            multimask?: boolean;
            /** @description Answer with the mask without storing an edit */
            preview?: boolean;
            /** @description The last seq this client saw; an older one for this object is a conflict */
            baseSeq?: number;
            model?: components["schemas"]["ModelId"];
        };
        /** @description Replaces the prompts of every object named, as one edit that one undo takes back. With `segment` a mask is found on each prompted plane and streamed; cancelled, those that came stay */
        PromptsPut: {
            /** @constant */
            t: "prompts.put";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objects: components["schemas"]["PutObject"][];
            segment?: boolean;
            model?: components["schemas"]["ModelId"];
        };
        PutObject: {
            objectId: components["schemas"]["ObjectId"];
            prompts: components["schemas"]["PutPrompt"][];
        };
        /** @description One prompted plane, with any of box, points, polygon, mask */
        PutPrompt: {
            cut: components["schemas"]["Cut"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            mask?: components["schemas"]["MaskBits"];
        };
        PromptRemove: {
            /** @constant */
            t: "prompt.remove";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            cut: components["schemas"]["Cut"];
            baseSeq?: number;
        };
        ObjectRemove: {
            /** @constant */
            t: "object.remove";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            baseSeq?: number;
        };
        Undo: {
            /** @constant */
            t: "undo";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
        };
        Redo: {
            /** @constant */
            t: "redo";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
        };
        Propagate: {
            /** @constant */
            t: "propagate";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @description Default all with a prompt */
            objects?: components["schemas"]["ObjectId"][];
            along?: components["schemas"]["Along"];
            /** @description Planes to answer for. Prompted planes outside it still tell the model what the object looks like */
            range?: components["schemas"]["Range"];
            direction?: components["schemas"]["Direction"];
            window?: components["schemas"]["WindowKind"];
            /** @description Walk only the gaps beside prompts edited since the object's last run, and the object's whole way if it has none; what earlier runs found elsewhere stays */
            continue?: boolean;
            model?: components["schemas"]["ModelId"];
        };
        /** @description Finds objects on one plane from a grid of clicks. Each becomes a new object with its mask as prompt, streamed as `mask`; all of them are one edit */
        Automask: {
            /** @constant */
            t: "automask";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            cut: components["schemas"]["Cut"];
            region?: components["schemas"]["PixelBox"];
            grid?: components["schemas"]["GridSettings"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description Segments every particle: automask on every k-th plane, follows what was found, and merges what meets. One edit */
        AutomaskStack: {
            /** @constant */
            t: "automask.stack";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            along?: components["schemas"]["Along"];
            range?: components["schemas"]["Range"];
            /** @description The frame t (for along t: the slice z) to work in; default 0 */
            frame?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            /** @description Planes between two automasks; default 8 */
            every?: number;
            /** @description A new mask that overlaps a known masklet on its plane by this much is that masklet; default 0.5 */
            mergeIou?: number;
            region?: components["schemas"]["PixelBox"];
            grid?: components["schemas"]["GridSettings"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description As in Segment Anything's automatic mask generator; the defaults are its own unless stated */
        GridSettings: {
            /** @description Default 32 */
            pointsPerSide?: number;
            /** @description Keep if greater; default 0.8, of masklet-sam2 0.6 */
            predIouThresh?: number;
            /** @description Keep if at least; default 0.95, of masklet-sam2 0.7 */
            stabilityScoreThresh?: number;
            /** @description Default 1 */
            stabilityScoreOffset?: number;
            /** @description Default 0.7 */
            boxNmsThresh?: number;
            /** @description Default 0, of masklet-sam2 1 */
            cropNLayers?: number;
            /** @description Default 0.7 */
            cropNmsThresh?: number;
            /** @description Default 512/1500 */
            cropOverlapRatio?: number;
            /** @description Default 1, of masklet-sam2 2 */
            cropNPointsDownscaleFactor?: number;
            /** @description One refinement of each mask by its own logits; default false */
            useM2m?: boolean;
            /** @description Default true */
            multimaskOutput?: boolean;
            /** @description Pixels; smaller masks, and holes and specks of a mask below it, go; default 8 */
            minArea?: number;
            /** @description Masks over more than this part of the region are its background; default 0.4 */
            maxAreaPart?: number;
        };
        /** @description directions: follows each object along several axes and keeps the voxels that enough of them agree on. union: joins objects into the first of them. One edit */
        Combine: {
            /** @constant */
            t: "combine";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @enum {string} */
            how: "directions" | "union";
            /** @description Default all; union needs at least two, the first keeps its id */
            objects?: components["schemas"]["ObjectId"][];
            /** @description Default z, y, x */
            axes?: components["schemas"]["Axis"][];
            /** @description Directions that must agree on a voxel; default more than half */
            votes?: number;
            range?: components["schemas"]["Range"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description Parts an object that holds several particles by a seeded watershed on its distance map. The part of the first seed keeps the object's id. One edit */
        Split: {
            /** @constant */
            t: "split";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            /** @description The frame t; default 0 */
            frame?: components["schemas"]["Index"];
            /** @description One for each part; without any they are the distance map's maxima */
            seeds?: components["schemas"]["Seed"][];
            /** @description Without seeds: how much narrower than its parts a neck must be, in units of the smallest spacing; default 1 */
            depth?: number;
            /** @description Without seeds: at most so many, the deepest necks first */
            parts?: number;
        };
        /** @description [x, y, z]: x and y pixel-corner floats, z a slice's index; moved to the object's nearest voxel if it lies outside */
        Seed: [
            number,
            number,
            number
        ];
        /** @description Segments a volume by a recipe, without a network. What is found becomes new objects, all of them one edit, made at the end. With `preview` it looks at one slice and edits nothing */
        ClassicalRun: {
            /** @constant */
            t: "classical.run";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @description The name of one that `recipes.list` tells of, or one of your own; default fds */
            recipe?: string | components["schemas"]["Recipe"];
            /** @description Changes single values: `step.parameter` to its new value */
            set?: {
                [key: string]: components["schemas"]["StepValue"];
            };
            /** @description Taken as if it were the volume; default all of it */
            region?: components["schemas"]["Region"];
            /** @description The frame t; default 0 */
            frame?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            /** @description Only voxels of these objects may belong to a result. They are replaced by their parts, the first of which keeps the id */
            within?: components["schemas"]["ObjectId"][];
            /** @description The result is grown from these objects. Each keeps its id and takes the voxels that it grew to */
            seeds?: components["schemas"]["ObjectId"][];
            /**
             * @description What each new object gets as a prompt on its largest slice, so that `propagate` can refine it; default box, one pixel wider than the mask
             * @enum {string}
             */
            prompts?: "box" | "mask" | "none";
            preview?: components["schemas"]["ClassicalPreview"];
        };
        /** @description One z slice, worked out on a slab of at most 64 slices around it, taken as if it were the volume */
        ClassicalPreview: {
            index: components["schemas"]["Index"];
            /** @description The id of the step whose output is wanted; the recipe ends there */
            step?: string;
        };
        /** @description Ranges of voxels; an axis left out is taken whole */
        Region: {
            z?: components["schemas"]["Range"];
            y?: components["schemas"]["Range"];
            x?: components["schemas"]["Range"];
        };
        StepValue: number | string | boolean;
        /** @description A classical pipeline, as steps in the order they are done */
        Recipe: {
            name: string;
            steps: components["schemas"]["RecipeStep"][];
        };
        /** @description What is done, and its parameters as further members. Values left out are the step's defaults; `id` tells two steps of one kind apart, default the step's name */
        RecipeStep: {
            step: string;
            id?: string;
        } & {
            [key: string]: components["schemas"]["StepValue"];
        };
        RecipesList: {
            /** @constant */
            t: "recipes.list";
            id: components["schemas"]["RequestId"];
        };
        /**
         * @description What the network looks at: about four times the object (default), or the whole plane
         * @enum {string}
         */
        WindowKind: "object" | "plane";
        LabelsGet: {
            /** @constant */
            t: "labels.get";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /**
             * @description planes: one `mask` message each; the others: one file in the result
             * @enum {string}
             */
            as: "planes" | "labels" | "rois" | "geojson" | "measurements";
            objects?: components["schemas"]["ObjectId"][];
            overlap?: components["schemas"]["Overlap"];
        };
        /** @description Morphology of a session's objects, or of a label image that is a volume of its own (`labels`): one of the two. A session's objects are each measured on all their voxels, also those they share, unless `overlap` is given; with it, the label image that it makes is measured */
        Measure: {
            /** @constant */
            t: "measure";
            id: components["schemas"]["RequestId"];
            sessionId?: components["schemas"]["Id"];
            /** @description The volume whose voxel values are object ids, 0 is ground */
            labels?: components["schemas"]["Id"];
            /** @description With `labels`: the volume whose grey values are measured, on the same grid */
            image?: components["schemas"]["Id"];
            /** @description Of a session; default all. The others count as ground */
            objects?: components["schemas"]["ObjectId"][];
            overlap?: components["schemas"]["Overlap"];
            /** @description Of a session: whether grey values of its volume are measured. Default: where the server has all of them; true fetches planes that are missing from the client that holds them */
            intensity?: boolean;
            /** @description The frame t alone; default all */
            frame?: components["schemas"]["Index"];
            /** @description Channel of the grey values; default 0 */
            c?: components["schemas"]["Index"];
            /** @description In place of what the volumes state */
            spacing?: components["schemas"]["VoxelSize"];
            /** @description Made besides: a row for each object and frame, one for each cluster, and a page to look at */
            files?: ("measurements.csv" | "clusters.csv" | "report.html")[];
        };
        /** @description Judges a label image (`prediction`) or a session's objects, as the label image that `overlap` makes of them, against a true label image */
        Evaluate: {
            /** @constant */
            t: "evaluate";
            id: components["schemas"]["RequestId"];
            sessionId?: components["schemas"]["Id"];
            /** @description The volume whose voxel values are the true object ids, 0 is ground */
            truth: components["schemas"]["Id"];
            /** @description The volume whose voxel values are the predicted ids; in place of `sessionId` */
            prediction?: components["schemas"]["Id"];
            /** @description With `prediction`: the volume that the report shows behind the outlines; a session's is its own */
            image?: components["schemas"]["Id"];
            /** @description Of a session; default all */
            objects?: components["schemas"]["ObjectId"][];
            overlap?: components["schemas"]["Overlap"];
            /** @description Of a session: its object ids are those of the truth, so that Dice is also told by the distance from the slices along z that an object was prompted on; default false */
            sameIds?: boolean;
            /** @description The frame t; default 0 */
            frame?: components["schemas"]["Index"];
            /** @description Channel that the report shows; default 0 */
            c?: components["schemas"]["Index"];
            /** @description In place of what the volumes state */
            spacing?: components["schemas"]["VoxelSize"];
            /** @description Made besides: a row for each true object and each prediction without a partner, all scores with all rows, and a page to look at */
            files?: ("objects.csv" | "evaluation.json" | "report.html")[];
        };
        /** @description Stops the request of that id; not a request itself. What arrived is kept */
        Cancel: {
            /** @constant */
            t: "cancel";
            id: components["schemas"]["RequestId"];
        };
        ClientMessage: components["schemas"]["Hello"] | components["schemas"]["VolumeOpen"] | components["schemas"]["SlicePut"] | components["schemas"]["PromptSet"] | components["schemas"]["PromptsPut"] | components["schemas"]["PromptRemove"] | components["schemas"]["ObjectRemove"] | components["schemas"]["Undo"] | components["schemas"]["Redo"] | components["schemas"]["Propagate"] | components["schemas"]["Automask"] | components["schemas"]["AutomaskStack"] | components["schemas"]["Combine"] | components["schemas"]["Split"] | components["schemas"]["ClassicalRun"] | components["schemas"]["RecipesList"] | components["schemas"]["LabelsGet"] | components["schemas"]["Measure"] | components["schemas"]["Evaluate"] | components["schemas"]["Cancel"];
        HelloResult: {
            protocol: number;
            server: string;
            limits: {
                [key: string]: number;
            };
            models: components["schemas"]["Model"][];
        };
        VolumeOpenResult: {
            volume: components["schemas"]["Volume"];
            session: components["schemas"]["Session"];
            resumed: boolean;
        };
        /** @description prompt.set, prompts.put, prompt.remove, object.remove, undo, redo */
        EditResult: {
            seq: number;
            score?: number;
            /** @description The kind of edit that undo or redo moved over */
            undone?: string;
            candidates?: components["schemas"]["Mask"][];
            /** @description The model that ran */
            model?: string;
        };
        PropagateResult: {
            seq: number;
            /** @description Masks found */
            planes: number;
            ends: components["schemas"]["End"][];
            model: string;
        };
        /** @description automask, automask.stack, combine, split */
        ObjectsResult: {
            seq: number;
            /** @description Those that were made or changed */
            objects: components["schemas"]["ObjectId"][];
            /** @description combine by directions */
            disagreements?: components["schemas"]["Disagreement"][];
            model?: string;
        };
        /** @description How far the directions of one object are apart */
        Disagreement: {
            objectId: components["schemas"]["ObjectId"];
            /** @description Voxels kept */
            voxels: number;
            /** @description Voxels that some directions found and others did not */
            disputed: number;
            /** @description Mean overlap of the directions, pair by pair, 0 to 1 */
            dice: number;
            /** @description The plane with most disputed voxels */
            worst?: components["schemas"]["Cut"];
        };
        ClassicalResult: {
            /** @description The edit; the session's last where there was none */
            seq: number;
            /** @description Those that were made or changed; in a preview those that its masks name, which mean nothing later */
            objects: components["schemas"]["ObjectId"][];
            recipe: components["schemas"]["UsedRecipe"];
            /** @description Sentences for a person */
            warnings: string[];
            /** @description Of a preview with `step` */
            plane?: components["schemas"]["StepPlane"];
        };
        /** @description A recipe as it was done */
        UsedRecipe: {
            name: string;
            steps: components["schemas"]["UsedStep"][];
        };
        UsedStep: {
            id: string;
            step: string;
            /** @description Each with the value that held, defaults included */
            parameters: {
                [key: string]: components["schemas"]["StepValue"];
            };
            /** @description What the step worked out, such as thresholds in grey values */
            found: {
                [key: string]: components["schemas"]["StepValue"];
            };
        };
        /** @description What a step leaves on one slice, over the region asked for */
        StepPlane: {
            step: string;
            /** @enum {string} */
            kind: "grey" | "mask" | "map" | "labels";
            width: number;
            height: number;
            /**
             * @description uint8 for a mask; labels are sent as float32
             * @enum {string}
             */
            dtype: "uint8" | "float32";
            /**
             * Format: binary
             * @description Raw little-endian, rows from the top
             */
            data: Uint8Array;
            /** @description The value to show black */
            low: number;
            /** @description The value to show white */
            high: number;
        };
        RecipeList: {
            recipes: components["schemas"]["RecipeInfo"][];
        };
        RecipeInfo: {
            name: string;
            title: string;
            steps: components["schemas"]["StepInfo"][];
        };
        StepInfo: {
            step: string;
            id: string;
            title: string;
            parameters: components["schemas"]["ParameterInfo"][];
        };
        ParameterInfo: {
            name: string;
            /** @enum {string} */
            type: "number" | "choice" | "flag";
            /** @description What holds where nothing else is said */
            value: components["schemas"]["StepValue"];
            min?: number;
            max?: number;
            choices?: string[];
            unit?: string;
            about: string;
        };
        /** @description Also the name of the item's files */
        ItemId: string;
        /** @description [z, y, x] in voxels */
        Voxels: [
            number,
            number,
            number
        ];
        /** @description [z, y, x] in micrometres */
        VoxelSize: [
            number,
            number,
            number
        ];
        /** @enum {string} */
        DatasetSplit: "train" | "val" | "test";
        /** @description dataset.json of a training set: crops of volumes with the numbers of the objects in them (server/datasets/README.md) */
        Dataset: {
            /** @constant */
            format: "masklet-dataset";
            /** @constant */
            version: 1;
            name: string;
            seed: number;
            /** @enum {unknown} */
            dimensions: 2 | 3;
            licence?: string;
            /** @description Crops of different splits of one source are at least this many voxels apart along some axis */
            margin?: number;
            sources: components["schemas"]["DatasetSource"][];
            items: components["schemas"]["DatasetItem"][];
        };
        /** @description The volume that crops were taken from */
        DatasetSource: {
            id: components["schemas"]["ItemId"];
            name: string;
            /** @description Of the file; for what is no single file, of the SHA-256 (in hexadecimal, one a line) of each z plane of the frame and channel, its voxels little-endian in the order y, x */
            sha256: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            spacing: components["schemas"]["VoxelSize"] | null;
            range: components["schemas"]["DisplayRange"];
            /** @description Where the objects came from */
            labels?: {
                name: string;
                /** @enum {string} */
                kind?: "labels" | "session" | "rois" | "geojson" | "coco" | "sam2";
                /** @description Of the file; for a label image, of the SHA-256 (in hexadecimal, one a line) of each z plane, its ids as uint32, little-endian, in the order y, x */
                sha256?: string;
            };
        };
        /** @description A crop. Its files hold a stack along `axis` (one plane in a 2D set): on planes along z x runs to the right and y down, along y x and z, along x y and z. `start`, `size` and `spacing` speak of the box in the source, before it is turned */
        DatasetItem: {
            id: components["schemas"]["ItemId"];
            source: components["schemas"]["ItemId"];
            split: components["schemas"]["DatasetSplit"];
            t: number;
            c: number;
            axis: components["schemas"]["Axis"];
            start: components["schemas"]["Voxels"];
            size: components["schemas"]["Voxels"];
            spacing: components["schemas"]["VoxelSize"] | null;
            image: string;
            labels: string;
            /** @description How many different numbers its labels hold */
            objects: number;
            /** @description 0 as it was; 1 to 3 quarter turns clockwise as the plane is shown; 4 to 7 the same after mirroring left to right */
            turn: number;
            /** @description The item this one is a turned copy of */
            of?: components["schemas"]["ItemId"];
            /** @description Objects that touch the crop's border, so may be cut by it */
            border?: number[];
            /** @description Where the source's ids do not fit 16 bits: the source's ids of numbers 1, 2, ... */
            ids?: number[];
            /** @description In the SAM 2 layout, where numbers do not fit a palette: the numbers of entries 1, 2, ... */
            numbers?: number[];
        };
        LabelsResult: {
            masks: number;
            /** Format: binary */
            data?: Uint8Array;
            mediaType?: string;
        };
        MeasureResult: {
            measures: components["schemas"]["LabelMeasures"];
            leftOut?: components["schemas"]["LeftOut"];
            files?: components["schemas"]["ResultFile"][];
        };
        EvaluateResult: {
            evaluation: components["schemas"]["Evaluation"];
            leftOut?: components["schemas"]["LeftOut"];
            files?: components["schemas"]["ResultFile"][];
        };
        /** @description Rows that are not in the lists of an answer, which holds at most `maxResultRows` of each; they are counted in every other number, and stand in the files. A row is an object, a cluster, or a prediction without a partner */
        LeftOut: {
            objects?: number;
            clusters?: number;
            unmatched?: number;
        };
        /** @description A file that was asked for: over HTTP it lies at /v1/jobs/{jobId}/files/{name} while the job is known, live its bytes are here */
        ResultFile: {
            name: string;
            mediaType: string;
            sizeBytes: number;
            /** Format: binary */
            data?: Uint8Array;
        };
        Result: {
            /** @constant */
            t: "result";
            id: components["schemas"]["RequestId"];
            value: components["schemas"]["HelloResult"] | components["schemas"]["VolumeOpenResult"] | components["schemas"]["EditResult"] | components["schemas"]["PropagateResult"] | components["schemas"]["ObjectsResult"] | components["schemas"]["ClassicalResult"] | components["schemas"]["RecipeList"] | components["schemas"]["LabelsResult"] | components["schemas"]["MeasureResult"] | components["schemas"]["EvaluateResult"];
        };
        /** @description Ends the request of that id; id 0 when the fault belongs to no request */
        ErrorMessage: {
            /** @constant */
            t: "error";
            id: number;
            error: components["schemas"]["Fault"];
        };
        Cancelled: {
            /** @constant */
            t: "cancelled";
            id: components["schemas"]["RequestId"];
            /** @description The edit that holds what arrived */
            seq?: number;
        };
        ProgressMessage: {
            /** @constant */
            t: "progress";
            id: components["schemas"]["RequestId"];
            progress: components["schemas"]["Progress"];
        };
        MaskMessage: {
            /** @constant */
            t: "mask";
            id: components["schemas"]["RequestId"];
            mask: components["schemas"]["Mask"];
        };
        /** @description Asks the client that holds the pixels for planes; answered by slice.put or by HTTP PUT */
        Need: {
            /** @constant */
            t: "need";
            volumeId: components["schemas"]["Id"];
            planes: components["schemas"]["Plane"][];
            /** @description The client may have this many bytes on their way unanswered */
            creditBytes: number;
        };
        /** @description Another connection or job edited the session */
        Changed: {
            /** @constant */
            t: "changed";
            sessionId: components["schemas"]["Id"];
            seq: number;
            /** @enum {string} */
            kind: "prompts.put" | "prompt.set" | "prompt.remove" | "object.remove" | "propagate" | "automask" | "automask.stack" | "combine" | "split" | "classical" | "undo" | "redo";
            objects: components["schemas"]["ObjectId"][];
            /** @description The client's name */
            by?: string;
        };
        ServerMessage: components["schemas"]["Result"] | components["schemas"]["ErrorMessage"] | components["schemas"]["Cancelled"] | components["schemas"]["ProgressMessage"] | components["schemas"]["MaskMessage"] | components["schemas"]["Need"] | components["schemas"]["Changed"];
        /** @description Three numbers in the order [z, y, x] */
        Triple: [
            number,
            number,
            number
        ];
        /** @description What is measured of the objects of a label image, where the voxel value is the object's id and 0 is ground. Voxel i reaches from i to i + 1 along each axis */
        LabelMeasures: {
            /**
             * @description Of every length, area (squared) and volume (cubed): micrometres, or voxels where no voxel size is known
             * @enum {string}
             */
            unit: "um" | "vx";
            /** @description Voxel size along z, y, x in that unit; 1, 1, 1 for vx */
            spacing: components["schemas"]["Triple"];
            /** @description Voxels of one frame along z, y, x */
            size: components["schemas"]["Triple"];
            /** @description Frames that were measured */
            frames: number;
            /** @description One for each object and frame, by object, then frame */
            objects: components["schemas"]["ObjectMeasures"][];
            /** @description Groups of two or more objects of one frame that touch, each measured as one body, by cluster, then frame */
            clusters: components["schemas"]["ObjectMeasures"][];
            population: components["schemas"]["Population"];
        };
        /** @description One object (or one cluster) in one frame */
        ObjectMeasures: {
            /** @description The voxel value; of a cluster its `clusterId` */
            objectId: components["schemas"]["ObjectId"];
            /** @description The smallest id among the objects of the frame that hang together at faces, edges or corners of voxels */
            clusterId: components["schemas"]["ObjectId"];
            /** @description Frame, 0-based */
            t: components["schemas"]["Index"];
            /** @description 1 for an object; of a cluster the objects in it */
            objects: number;
            /** @description Voxels in it */
            voxels: number;
            /** @description Voxels times the volume of one, unit^3 */
            volume: number;
            /** @description Surface area by Crofton's formula over the 13 directions to the 26 neighbours, each weighted by the part of the sphere that is nearest to it at this voxel size, unit^2. What lies beyond the volume counts as outside */
            surface: number;
            /** @description Diameter of the ball of that volume, (6 V / pi)^(1/3), unit */
            equivalentDiameter: number;
            /** @description Mean of the voxel centres, unit; the centre of voxel 0 is at half a voxel */
            centroid: components["schemas"]["Triple"];
            /** @description First voxel of the box around it */
            start: components["schemas"]["Triple"];
            /** @description Voxel after the last of the box */
            end: components["schemas"]["Triple"];
            /** @description Its box reaches an end of the volume, so a part may be missing. An axis of one voxel has no ends */
            border: boolean;
            /** @description R1 >= R2 >= R3 of the ellipsoid with the same second moments, unit: R = sqrt(5 l) of the eigenvalues l of the covariance of the voxel centres plus voxel size^2 / 12, the spread within a voxel */
            radii: components["schemas"]["Triple"];
            /** @description R1 / R2, from 1 on */
            elongation: number;
            /** @description R2 / R3, from 1 on */
            flatness: number;
            zingg: components["schemas"]["Zingg"];
            /** @description Unit vectors [z, y, x] along R1, R2, R3 in space (not in voxels). Of the two signs the one whose first component other than 0 is positive */
            axes: [
                components["schemas"]["Triple"],
                components["schemas"]["Triple"],
                components["schemas"]["Triple"]
            ];
            /**
             * @description Axes that the shape does not settle. major: elongation below 1.05, so the first may lie anywhere across the third; minor: flatness below 1.05, so the third (the platelet normal) may lie anywhere across the first
             * @enum {string}
             */
            axesUncertain: "none" | "major" | "minor" | "both";
            /** @description Of the first axis */
            major: components["schemas"]["Orientation"];
            /** @description Of the third axis, which is a platelet's normal */
            normal: components["schemas"]["Orientation"];
            /** @description Wadell: surface of the ball of that volume over `surface`, pi^(1/3) (6 V)^(2/3) / S. 1 for a ball; the surface of objects a few voxels thick comes out too small, so theirs may exceed 1 (1.61 for one voxel) */
            sphericity: number;
            /** @description Volume of the voxels whose centres lie in the convex hull of the object, unit^3. The hull is that of the middles of the voxels' faces */
            convexVolume: number;
            /** @description volume / convexVolume, 0 to 1; 1 when the hull holds no other voxel */
            solidity: number;
            /** @description Largest distance between two points of that hull, unit */
            feret: number;
            /** @description Smallest distance between two parallel planes around that hull, one of them on a facet, unit */
            minFeret: number;
            /** @description Objects of the frame that it touches at a face, edge or corner, smallest id first. None for a cluster, which holds all that touch */
            contacts: components["schemas"]["ObjectId"][];
            /** @description The part of `surface` towards other objects, by the same formula, unit^2 */
            contactArea: number;
            /** @description null without an image */
            intensity: components["schemas"]["IntensityMeasures"] | null;
            /** @description Score of the segmentation, 0 to 1, where one was given; of a cluster the mean over its objects that have one, weighted by voxels */
            confidence: number | null;
        };
        /** @description Zingg's ratios of the radii (long, intermediate, short) and the class they fall in, with limits at 2/3 */
        Zingg: {
            /** @description I / L = R2 / R1, 0 to 1 */
            il: number;
            /** @description S / I = R3 / R2, 0 to 1 */
            si: number;
            /**
             * @description disc: I/L > 2/3 only; sphere: both above; rod: S/I > 2/3 only; blade: neither
             * @enum {string}
             */
            class: "disc" | "sphere" | "rod" | "blade";
        };
        /** @description Direction of an axis, which has no head or tail: of its two ends the one with z > 0 (see the sign of `axes`) */
        Orientation: {
            /** @description Degrees in the slice, from 0 to below 360, from +x towards +y (down on the screen); 0 for an axis along z */
            azimuth: number;
            /** @description Degrees from the z axis, 0 to 90: 0 along z, 90 in the slice */
            inclination: number;
        };
        /** @description Of the image's values in the object; values that are not finite are left out */
        IntensityMeasures: {
            /** @description null when no value is finite, as all of these but sum */
            mean: number | null;
            /** @description Standard deviation, divided by the number of values */
            sd: number | null;
            min: number | null;
            max: number | null;
            sum: number;
        };
        /** @description All objects together. Those at the border are counted and take part in the volume fraction; everything else is of the others alone */
        Population: {
            /** @description Objects, counted in each frame */
            objects: number;
            /** @description Of these, at the border */
            borderObjects: number;
            /** @description The others, of which the statistics below are */
            shapedObjects: number;
            /** @description Groups of two or more that touch */
            clusters: number;
            /** @description Objects in such groups, at the border or not */
            clusteredObjects: number;
            /** @description Of all objects */
            voxels: number;
            /** @description Of all objects, unit^3 */
            volume: number;
            /** @description Of all objects in the volume, 0 to 1 */
            volumeFraction: number;
            /** @description Mean number of objects that one touches; null when no object is clear of the border */
            meanContacts: number | null;
            /** @description null when no object is clear of the border */
            equivalentDiameter: components["schemas"]["SizeDistribution"] | null;
            zingg: components["schemas"]["ZinggCounts"];
            /** @description null when no object is clear of the border */
            statistics: components["schemas"]["ShapeStatistics"] | null;
            /** @description Of the third axes (platelet normals), without objects whose `axesUncertain` is minor or both; null when none is left */
            normals: components["schemas"]["Fabric"] | null;
            /** @description Of the first axes, without objects whose `axesUncertain` is major or both; null when none is left */
            majors: components["schemas"]["Fabric"] | null;
        };
        /** @description Quantiles of the equivalent diameter */
        SizeDistribution: {
            /** @description Each object counts once */
            byNumber: components["schemas"]["Quantiles"];
            /** @description Each object counts by its volume */
            byVolume: components["schemas"]["Quantiles"];
        };
        /** @description The smallest value for which at least 10, 50, 90 % of the weight lies in values up to it */
        Quantiles: {
            d10: number;
            d50: number;
            d90: number;
        };
        /** @description Objects of each class */
        ZinggCounts: {
            disc: number;
            sphere: number;
            rod: number;
            blade: number;
        };
        /** @description Over the objects, each counted once */
        ShapeStatistics: {
            volume: components["schemas"]["MeanSd"];
            equivalentDiameter: components["schemas"]["MeanSd"];
            surface: components["schemas"]["MeanSd"];
            elongation: components["schemas"]["MeanSd"];
            flatness: components["schemas"]["MeanSd"];
            sphericity: components["schemas"]["MeanSd"];
            solidity: components["schemas"]["MeanSd"];
            feret: components["schemas"]["MeanSd"];
        };
        MeanSd: {
            mean: number;
            /** @description Standard deviation with n - 1; null for a single object */
            sd: number | null;
        };
        /** @description How the directions n of an axis are spread over the objects */
        Fabric: {
            /** @description Objects whose axis is settled */
            objects: number;
            /** @description Mean of n n', rows and columns z, y, x; its trace is 1 */
            tensor: [
                components["schemas"]["Triple"],
                components["schemas"]["Triple"],
                components["schemas"]["Triple"]
            ];
            /** @description Largest first (not z, y, x); all 1/3 without a preferred direction */
            eigenvalues: components["schemas"]["Triple"];
            /** @description Unit vectors [z, y, x] of these, signed as `axes`; the first is the main direction */
            eigenvectors: [
                components["schemas"]["Triple"],
                components["schemas"]["Triple"],
                components["schemas"]["Triple"]
            ];
            /** @description S = (3 <cos^2 a> - 1) / 2 with a the angle to the main direction: 0 without a preferred direction, 1 when all are parallel */
            orderParameter: number;
            /** @description The same with the angle to z, -1/2 (all in the slice) to 1 (all along z) */
            orderParameterZ: number;
        };
        /** @description A predicted label image judged against the true one, voxel value = object id, 0 = ground. n(i,j) are the voxels with true id i and predicted id j, a(i) and b(j) the voxels of one id. Where nothing is predicted and nothing is there, scores are 1 and errors 0; where one side alone is empty, scores of overlap and of pairs are 0 and distances null */
        Evaluation: {
            truth: components["schemas"]["ComparedLabels"];
            prediction: components["schemas"]["ComparedLabels"];
            /** @description Voxels along z, y, x */
            size: components["schemas"]["Triple"];
            /**
             * @description Of every distance, and cubed of every volume: micrometres, or voxels where no voxel size is known
             * @enum {string}
             */
            unit: "um" | "vx";
            /** @description Voxel size along z, y, x in that unit; 1, 1, 1 for vx */
            spacing: components["schemas"]["Triple"];
            foreground: components["schemas"]["ForegroundScores"];
            perParticle: components["schemas"]["PerParticleScores"];
            oneToOne: components["schemas"]["OneToOneScores"];
            /** @description Aggregated Jaccard index (Kumar et al. 2017): each true object takes the prediction of greatest IoU, a prediction may serve several; sum of the intersections / (sum of the unions + voxels of predictions that serve none + voxels of objects that overlap none) */
            aggregatedJaccard: number;
            faults: components["schemas"]["FaultCounts"];
            adaptedRand: components["schemas"]["AdaptedRand"];
            /** @description In bits (Meila 2007) */
            variationOfInformation: {
                /** @description Over all voxels, ground as a label like others */
                all: components["schemas"]["Information"];
                /** @description Over the voxels of true objects alone, as is usual in connectomics; 0 without any */
                objects: components["schemas"]["Information"];
            };
            /** @description Distances between surfaces. The surface of a body is its voxels with one of their six neighbours outside it, where beyond the volume is outside and an axis of one voxel has no neighbours; distances are between voxel centres */
            surface: {
                /** @description Of all objects as one body; all 0 when both sides are empty, null when one is */
                foreground: components["schemas"]["SurfaceDistances"] | null;
                objects: components["schemas"]["ObjectSurfaces"];
            };
            shape: components["schemas"]["ShapeErrors"];
            /** @description Dice slice by slice against the distance from the slice that was prompted, nearest first; null where no prompted slices were given */
            byDistance: components["schemas"]["DiceAtDistance"][] | null;
            /** @description Every true object, by id */
            objects: components["schemas"]["EvaluatedObject"][];
            /** @description Every predicted object without a partner at an IoU of 0.5, by id */
            unmatched: components["schemas"]["UnmatchedPrediction"][];
        };
        /** @description Several predictions of one truth, in the order they were given: what `masklet evaluate --json` prints */
        EvaluationList: {
            evaluations: components["schemas"]["Evaluation"][];
        };
        ComparedLabels: {
            /** @description Of the file, or as asked */
            name: string;
            /** @description Ids other than 0 that occur */
            objects: number;
            /** @description Of all objects together */
            voxels: number;
        };
        /** @description Objects against ground, whatever their ids. T and P are the true and the predicted voxels */
        ForegroundScores: {
            /** @description Voxels that are object in both */
            tp: number;
            /** @description Voxels that are object in the prediction alone */
            fp: number;
            /** @description Voxels that are object in the truth alone */
            fn: number;
            /** @description Voxels that are ground in both */
            tn: number;
            /** @description 2 tp / (2 tp + fp + fn). Never below `jaccard` */
            dice: number;
            /** @description tp / (tp + fp + fn) = dice / (2 - dice) */
            jaccard: number;
            /** @description 1 - |fn - fp| / (2 tp + fp + fn), 0 to 1, 1 for equal volumes wherever they lie (Taha and Hanbury 2015) */
            volumetricSimilarity: number;
            /** @description 2 (P - T) / (P + T), -2 to 2, 0 for equal volumes, above 0 when too much is predicted. ITK and MorphoLibJ call it volume similarity (ITK's sign depends on which image is its source) */
            relativeVolumeDifference: number;
            /** @description tp / (tp + fp) */
            precision: number;
            /** @description tp / (tp + fn) */
            recall: number;
        };
        /** @description Each true object against the prediction that most of its voxels have (the mode, 0 left out, of equals the smaller id); means over all true objects, 0 for one without such a prediction. It is not one to one: a blob may serve many objects, and a prediction that meets nothing costs nothing, so read it beside `oneToOne`. Without a true object 1 when nothing is predicted, else 0 */
        PerParticleScores: {
            /** @description Mean of 2 n(i,j) / (a(i) + b(j)) */
            dice: number;
            /** @description Mean of n(i,j) / (a(i) + b(j) - n(i,j)) */
            jaccard: number;
            /** @description Mean of 1 - |a(i) - b(j)| / (a(i) + b(j)) */
            volumetricSimilarity: number;
            /** @description True objects that share no voxel with any prediction */
            unmatched: number;
        };
        /** @description Objects paired one to one where IoU = n(i,j) / (a(i) + b(j) - n(i,j)) reaches a threshold. From 0.5 on there is one best pairing; below it is not offered */
        OneToOneScores: {
            /** @description 0.5, 0.55, ... 0.95 */
            thresholds: components["schemas"]["ScoresAtThreshold"][];
            /** @description Means over these thresholds */
            mean: {
                f1: number;
                ap: number;
                pq: number;
            };
        };
        ScoresAtThreshold: {
            /** @description IoU from which a pair counts */
            threshold: number;
            /** @description Pairs */
            tp: number;
            /** @description Predictions without a partner */
            fp: number;
            /** @description True objects without a partner */
            fn: number;
            /** @description tp / (tp + fp) */
            precision: number;
            /** @description tp / (tp + fn) */
            recall: number;
            /** @description 2 tp / (2 tp + fp + fn) */
            f1: number;
            /** @description tp / (tp + fp + fn), the average precision of the Data Science Bowl 2018 and cellpose, the accuracy of StarDist */
            ap: number;
            /** @description Mean IoU of the pairs; 0 without a pair */
            meanMatchedIou: number;
            /** @description Sum of the pairs' IoU / true objects */
            meanTrueIou: number;
            /** @description Panoptic quality: sum of the pairs' IoU / (tp + fp / 2 + fn / 2) = sq rq (Kirillov et al. 2019) */
            pq: number;
            /** @description Segmentation quality, the same as `meanMatchedIou` */
            sq: number;
            /** @description Recognition quality, the same as `f1` */
            rq: number;
        };
        /** @description What went wrong, counted by objects. A prediction is a part of a true object when more than half of it lies in the object and it covers at least a tenth of it; a true object is joined to a prediction when more than half of it lies in the prediction and it fills at least a tenth of that */
        FaultCounts: {
            /** @description True objects with two parts or more */
            overSegmented: number;
            /** @description Predictions with two joined objects or more */
            underSegmented: number;
            /** @description True objects in these predictions */
            joined: number;
            /** @description True objects of which less than a tenth lies in any predictions */
            missed: number;
            /** @description Predictions of which less than a tenth lies in any true objects */
            spurious: number;
        };
        /** @description Pairs of voxels that share an id, over the voxels of true objects (predicted ground there counts as an id), as in SNEMI3D; sums are exact. P = sum n(i,j) (n(i,j) - 1), A = sum a(i) (a(i) - 1), B = sum b(j) (b(j) - 1). A side without a pair of voxels scores 1; predictions without a true object score 0, error 1 */
        AdaptedRand: {
            /** @description 1 - 2 P / (A + B): one less the harmonic mean of precision and recall, 0 at best */
            error: number;
            /** @description P / B: of two voxels predicted as one object, how often they are. Low when objects are joined */
            precision: number;
            /** @description P / A: of two voxels of one object, how often they are found as one. Low when objects are parted */
            recall: number;
        };
        Information: {
            /** @description H(prediction | truth) = -sum p(i,j) log2(p(i,j) / p(i)): bits lost by parting objects */
            split: number;
            /** @description H(truth | prediction) = -sum p(i,j) log2(p(i,j) / p(j)): bits lost by joining them */
            merge: number;
            /** @description split + merge, 0 at best */
            total: number;
        };
        /** @description d(s) is the distance of a surface voxel to the nearest surface voxel of the other side */
        SurfaceDistances: {
            /** @description Greatest d of both sides */
            hausdorff: number;
            /** @description The 95th percentile of d on each side (between the two nearest values, as numpy), the greater of the two. MedPy pools the sides before it takes the percentile */
            hausdorff95: number;
            /** @description Average symmetric surface distance: (sum of d on both sides) / (surface voxels of both sides) */
            meanDistance: number;
        };
        /** @description Means over the pairs at an IoU of 0.5, each pair as two bodies of its own; null without a pair */
        ObjectSurfaces: {
            pairs: number;
            hausdorff: number | null;
            hausdorff95: number | null;
            meanDistance: number | null;
        };
        /** @description Prediction less truth over the pairs at an IoU of 0.5, without those of which either reaches the border of the volume. Radii R1 >= R2 >= R3 are those of ObjectMeasures */
        ShapeErrors: {
            /** @description Pairs that count */
            pairs: number;
            /** @description Pairs left out at the border */
            border: number;
            /** @description Of R1 / R2 */
            elongation: components["schemas"]["ShapeError"];
            /** @description Of R2 / R3 */
            flatness: components["schemas"]["ShapeError"];
        };
        /** @description null without a pair */
        ShapeError: {
            /** @description Mean of the true value */
            meanTrue: number | null;
            /** @description Mean of predicted - true: above 0 when shapes come out too long or too flat */
            meanSigned: number | null;
            /** @description Mean of |predicted - true| */
            meanAbsolute: number | null;
            /** @description Mean of |predicted - true| / true */
            meanRelative: number | null;
        };
        /** @description Each true object with a prompted slice, slice by slice, against the prediction of `perParticle`; slices where neither has a voxel are left out, one where a single side has some scores 0 */
        DiceAtDistance: {
            /** @description Slices along z from this one to the object's prompted slice, the nearest where there are several, on either side */
            distance: number;
            /** @description Mean over the slices of objects at that distance */
            dice: number;
            /** @description Slices of objects that the mean is over */
            slices: number;
        };
        /** @description A true object. What a partner is needed for is null without one */
        EvaluatedObject: {
            truth: components["schemas"]["ObjectId"];
            voxels: number;
            /** @description Voxels times the volume of one, unit^3 */
            volume: number;
            /** @description First voxel of the box around it */
            start: components["schemas"]["Triple"];
            /** @description Voxel after the last of the box */
            end: components["schemas"]["Triple"];
            /** @description Its box, or that of its partner, reaches an end of the volume. An axis of one voxel has no ends */
            border: boolean;
            verdict: components["schemas"]["ObjectVerdict"];
            /** @description The prediction of `perParticle` */
            modePrediction: components["schemas"]["ObjectId"] | null;
            /** @description Dice with it, 0 without one */
            modeDice: number;
            /** @description The partner: the prediction paired with it at an IoU of 0.5 */
            prediction: components["schemas"]["ObjectId"] | null;
            predictedVoxels: number | null;
            predictedVolume: number | null;
            /** @description With the partner */
            iou: number | null;
            /** @description With the partner */
            dice: number | null;
            /** @description As in SurfaceDistances, of this pair */
            hausdorff: number | null;
            hausdorff95: number | null;
            meanDistance: number | null;
            /** @description R1 / R2 of the true object */
            elongation: number;
            /** @description R2 / R3 of the true object */
            flatness: number;
            predictedElongation: number | null;
            predictedFlatness: number | null;
        };
        /**
         * @description The first that holds. matched: it has a partner at an IoU of 0.5; over-segmented, joined, missed: see FaultCounts; poor: none of these, it was found but not well enough
         * @enum {string}
         */
        ObjectVerdict: "matched" | "over-segmented" | "joined" | "missed" | "poor";
        UnmatchedPrediction: {
            prediction: components["schemas"]["ObjectId"];
            voxels: number;
            /** @description Voxels times the volume of one, unit^3 */
            volume: number;
            /** @description First voxel of the box around it */
            start: components["schemas"]["Triple"];
            /** @description Voxel after the last of the box */
            end: components["schemas"]["Triple"];
            /**
             * @description The first that holds. spurious, under-segmented, part: see FaultCounts, a part only of an over-segmented object; poor: none of these
             * @enum {string}
             */
            verdict: "spurious" | "under-segmented" | "part" | "poor";
            /** @description The true object that most of its voxels lie in (of equals the smaller id), null when they all lie in ground */
            truth: components["schemas"]["ObjectId"] | null;
        };
    };
    responses: {
        /** @description What went wrong and what to do (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        volumeId: components["schemas"]["Id"];
        sessionId: components["schemas"]["Id"];
        jobId: components["schemas"]["Id"];
        /** @description Whether grey values are measured. Default: where the server has all of the volume's pixels */
        intensity: "true" | "false";
        overlap: components["schemas"]["Overlap"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Models */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRecipes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recipes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecipeList"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createVolume: {
        parameters: {
            query?: {
                /** @description File name of an uploaded TIFF */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/tiff": Uint8Array;
                "application/json": components["schemas"]["VolumeRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getVolume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The volume */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putPlane: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
                t: number;
                c: number;
                z: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
            };
        };
        responses: {
            /** @description Stored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getPrompts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All prompts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptsFile"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putPrompts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptsFile"];
            };
        };
        responses: {
            /** @description Stored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLabels: {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ImageJ TIFF */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/tiff": Uint8Array;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRois: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ImageJ RoiSet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": Uint8Array;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getGeojson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description QuPath FeatureCollection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMeasurements: {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
                /** @description Whether grey values are measured. Default: where the server has all of the volume's pixels */
                intensity?: components["parameters"]["intensity"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row per object and frame */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getReport: {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
                /** @description Whether grey values are measured. Default: where the server has all of the volume's pixels */
                intensity?: components["parameters"]["intensity"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Being cancelled */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    jobEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getJobFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Uint8Array;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
